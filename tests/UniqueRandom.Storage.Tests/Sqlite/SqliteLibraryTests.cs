using Microsoft.Data.Sqlite;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Versions of SQLite with the WAL-reset bug.</summary>
public sealed class SqliteLibraryTests
{
    [Theory]
    [InlineData("3.7.0")]
    [InlineData("3.44.5")]
    [InlineData("3.45.1")]
    [InlineData("3.50.4")]
    [InlineData("3.50.6")]
    [InlineData("3.51.0")]
    [InlineData("3.51.2")]
    public void A_version_with_the_bug_is_refused_with_advice(string version)
    {
        var error = Assert.Throws<StoreRefusedException>(() => SqliteLibrary.Verify(version));
        Assert.StartsWith($"SQLite {version} is loaded", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "use the SQLite library that comes with this program, or version 3.51.3 or later.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.44.6")]
    [InlineData("3.50.7")]
    [InlineData("3.51.3")]
    [InlineData("3.52.0")]
    [InlineData("3.53.4")]
    [InlineData("4.0.0")]
    public void A_version_with_the_fix_is_accepted(string version) => SqliteLibrary.Verify(version);

    [Fact]
    public void The_loaded_version_is_accepted()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = new SqliteCommand("SELECT sqlite_version()", connection);
        Assert.Equal(connection.ServerVersion, command.ExecuteScalar());
        SqliteLibrary.Verify(connection.ServerVersion);
    }
}
