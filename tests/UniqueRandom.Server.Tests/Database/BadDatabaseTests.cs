using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Database;

/// <summary>Databases that the server refuses and leaves unchanged.</summary>
public sealed class BadDatabaseTests(SeededDatabase seeded) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public Task A_directory_that_cannot_be_written_is_refused() =>
        // Not even root can create a file there.
        BadStart.RefusedAsync(directory, "'/proc' can't be written", "--database", "/proc/numbers.db");

    [Fact]
    public Task A_missing_directory_is_refused_and_not_created() =>
        BadStart.RefusedAsync(directory, directory.File("missing"), "--database", "missing/numbers.db");

    [Fact]
    public async Task A_directory_in_place_of_the_database_is_refused()
    {
        Directory.CreateDirectory(directory.Database);

        await BadStart.RefusedAsync(directory, $"'{directory.Database}' is a directory");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    public async Task A_file_that_is_not_a_database_is_refused(int length)
    {
        await File.WriteAllBytesAsync(
            directory.Database, new byte[length].Select((_, at) => (byte)(at * 7)).ToArray(),
            TestContext.Current.CancellationToken);

        await BadStart.RefusedAsync(directory, $"'{directory.Database}' is not a SQLite database");
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        await File.WriteAllBytesAsync(directory.Database, [], TestContext.Current.CancellationToken);
        StoredDraws.Execute(directory.Database, "CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('keep me')");

        await BadStart.RefusedAsync(directory, $"'{directory.Database}' belongs to another program");
    }

    [Fact]
    public async Task A_pool_of_another_range_is_refused()
    {
        seeded.CopyTo(directory.Database);

        await BadStart.RefusedAsync(directory, "with the range 1..20000, and 1..20001 is configured", "--maximum", "20001");
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99", "version 99")]
    [InlineData("PRAGMA application_id = 7", "belongs to another program")]
    [InlineData("UPDATE chunk SET offsets = zeroblob(length(offsets)) WHERE number = 1", "Chunk 1")]
    [InlineData("UPDATE chunk SET offsets = substr(offsets, 1, length(offsets) - 4) WHERE number = 2", "Chunk 2")]
    [InlineData("UPDATE chunk SET checksum = checksum + 1 WHERE number = 0", "Chunk 0")]
    [InlineData("DELETE FROM chunk WHERE number = 2", "Chunk 2")]
    [InlineData("UPDATE pool SET cursor = 0", "cursor")]
    [InlineData("UPDATE pool SET cursor = cursor - 1", "cursor")]
    [InlineData("UPDATE pool SET cursor = -1", "cursor")]
    [InlineData("UPDATE pool SET cursor = 20001", "cursor")]
    [InlineData("DELETE FROM draw", "draw log")]
    [InlineData("UPDATE draw SET first = first + 1, count = count - 1 WHERE first = 0", "draw log")]
    [InlineData("UPDATE pool SET seed = zeroblob(32)", "commitment")]
    [InlineData("UPDATE pool SET state = 3", "state 3 is unknown")]
    [InlineData("DROP TABLE draw", "draw")]
    public async Task A_database_that_was_changed_is_refused(string change, string expected)
    {
        seeded.CopyTo(directory.Database);
        StoredDraws.Execute(directory.Database, change);

        await BadStart.RefusedAsync(directory, expected, "--maximum", SeededDatabase.Maximum);
    }

    [Fact]
    public async Task A_chunk_damaged_before_a_crash_is_refused_and_the_WAL_is_kept()
    {
        seeded.CopyTo(directory.Database);
        await KillAfterDrawAsync();
        var bytes = await File.ReadAllBytesAsync(directory.Database, TestContext.Current.CancellationToken);
        // Inside a page and not in its header, where SQLite keeps pointers.
        bytes[bytes.Length / 2 / 4096 * 4096 + 1000] ^= 1;
        await File.WriteAllBytesAsync(directory.Database, bytes, TestContext.Current.CancellationToken);

        await BadStart.RefusedAsync(directory, "Chunk", "--maximum", SeededDatabase.Maximum);
    }

    [Fact]
    public async Task After_a_crash_a_start_with_another_range_is_refused_and_loses_no_draw()
    {
        seeded.CopyTo(directory.Database);
        await KillAfterDrawAsync();

        await BadStart.RefusedAsync(directory, "20001", "--maximum", "20001");

        Assert.Equal(SeededDatabase.Drawn + 1, StoredDraws.Read(directory.Database).Cursor);
    }

    [Fact]
    public async Task A_database_whose_WAL_was_removed_after_a_crash_is_refused()
    {
        seeded.CopyTo(directory.Database);
        await KillAfterDrawAsync();
        File.Delete(directory.Database + "-wal");

        await BadStart.RefusedAsync(directory, "numbers.db-wal", "--maximum", SeededDatabase.Maximum);
    }

    [Fact]
    public async Task Another_link_to_a_database_that_was_not_closed_is_refused()
    {
        seeded.CopyTo(directory.Database);
        await KillAfterDrawAsync();
        var link = directory.File("link.db");
        await Command.RunAsync("ln", directory.Database, link);

        await BadStart.RefusedAsync(directory, "link.db-wal", "--database", link, "--maximum", SeededDatabase.Maximum);
    }

    private async Task KillAfterDrawAsync()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", SeededDatabase.Maximum);
        using var client = await DrawClient.ConnectAsync(server.Address);
        await client.DrawNumberAsync();
        await server.KillAsync();
        File.Delete(directory.Database + ".lock");
    }
}
