using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>How the database file is opened and closed.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    /// <summary>On the first opening and on a later one, because none of these settings is stored in the file.</summary>
    [Theory]
    [InlineData("synchronous", 2)]
    [InlineData("fullfsync", 1)]
    [InlineData("checkpoint_fullfsync", 1)]
    public void A_commit_reaches_the_medium(string pragma, long expected)
    {
        for (var start = 0; start < 2; start++)
        {
            using var file = SqliteFile.Open(directory.Database);
            Assert.Equal(expected, file.Connection.Scalar($"PRAGMA {pragma}"));
        }
    }

    [Fact]
    public void A_file_that_was_not_closed_keeps_its_log_and_one_that_was_closed_does_not()
    {
        using (var file = SqliteFile.Open(directory.Database))
            file.Claim();
        Assert.True(File.Exists(directory.Database + "-wal"));
        Assert.False(File.Exists(directory.Database + ".lock"));

        using (var file = SqliteFile.Open(directory.Database))
        {
            file.Claim();
            file.Close();
        }

        Assert.Equal([directory.Database], directory.Contents().Keys);
    }

    [Fact]
    public void A_file_whose_directory_was_removed_is_not_closed_but_released()
    {
        var own = Directory.CreateDirectory(directory.File("own"));
        var path = Path.Combine(own.FullName, "numbers.db");
        using (var file = SqliteFile.Open(path))
        {
            file.Claim();
            own.Delete(recursive: true);
            Assert.Equal(StoreFault.Fatal, Assert.Throws<StoreException>(file.Close).Fault);
        }

        own.Create();
        using var next = SqliteFile.Open(path);
        next.Claim();
    }
}
