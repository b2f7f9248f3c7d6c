using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Opening and closing of the database file.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    /// <summary>The file stores none of these settings, so each opening must set them.</summary>
    [Theory]
    [InlineData("synchronous", 2)]
    [InlineData("fullfsync", 1)]
    [InlineData("checkpoint_fullfsync", 1)]
    public void Commits_are_flushed_to_the_disk(string pragma, long expected)
    {
        for (var start = 0; start < 2; start++)
        {
            using var file = SqliteFile.Open(directory.Database);
            Assert.Equal(expected, file.Connection.Scalar($"PRAGMA {pragma}"));
        }
    }

    [Fact]
    public void A_file_keeps_its_WAL_until_it_is_closed()
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
    public void A_file_whose_directory_was_removed_cannot_be_closed_but_is_released()
    {
        var parent = Directory.CreateDirectory(directory.File("parent"));
        var path = Path.Combine(parent.FullName, "numbers.db");
        using (var file = SqliteFile.Open(path))
        {
            file.Claim();
            parent.Delete(recursive: true);
            Assert.Equal(StoreFault.Fatal, Assert.Throws<StoreException>(file.Close).Fault);
        }

        parent.Create();
        using var next = SqliteFile.Open(path);
        next.Claim();
    }
}
