using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Tests.Backups;

/// <summary>The check of a file, and of an open store: each kind of damage is named.</summary>
public sealed class CheckTests : BackupTestBase
{
    [Fact]
    public async Task A_whole_database_passes_with_progress_and_stays_as_it_is()
    {
        await DrawAsync(500, key: "k");
        var before = await File.ReadAllBytesAsync(Database, CancellationToken);
        var steps = new List<CheckProgress>();
        var pool = Assert.Single(SqliteCheck.Run(Database, new Collector(steps), CancellationToken));

        Assert.Equal(("p", 500), (pool.Definition.Name, pool.Drawn));
        Assert.Equal(new CheckProgress(Size, Size), steps[^1]);
        Assert.Equal(steps.Select(step => step.Checked).Order(), steps.Select(step => step.Checked));
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, CancellationToken));
    }

    [Theory]
    [InlineData("UPDATE chunk SET offsets = zeroblob(length(offsets)) WHERE number = 20", "Chunk 20 of the pool 'p' is damaged")]
    [InlineData("DELETE FROM chunk WHERE number = 24", "Chunk 24 of the pool 'p' is damaged")]
    [InlineData("UPDATE pool SET cursor = 499", "its cursor says that 499 numbers are drawn, and its draw log says 500")]
    [InlineData("UPDATE draw SET count = 1 WHERE first = 100", "a gap or an overlap at position 101")]
    [InlineData("UPDATE pool SET commitment = zeroblob(32)", "its commitment does not fit its seed and range")]
    [InlineData("UPDATE pool SET seed = zeroblob(32)", "its commitment does not fit its seed and range")]
    [InlineData("UPDATE pool SET code = 'digits 9 0 2 '", "its format of codes 'digits 9 0 2 ' is unknown")]
    [InlineData("UPDATE pool SET code = 'digits 2 0 1 '", "has numbers without a code")]
    public async Task Damage_is_named(string damage, string message)
    {
        await DrawAsync(100, key: "a");
        await DrawAsync(200, key: "b");
        await DrawAsync(200, key: "c");
        SqliteDatabase.Execute(Database, damage);
        Assert.Contains(message, Refused(Database));
    }

    /// <summary>The checksums are right, as if somebody had chosen another order.</summary>
    [Fact]
    public async Task An_order_that_is_not_the_one_of_the_seed_is_named()
    {
        await DrawAsync(1);
        var pool = await ReadPoolAsync();
        var bytes = (byte[])SqliteDatabase.Scalar(Database, "SELECT offsets FROM chunk WHERE number = 3")!;
        bytes = [.. bytes[4..8], .. bytes[..4], .. bytes[8..]];
        SqliteDatabase.Execute(
            Database,
            $"UPDATE chunk SET offsets = x'{Convert.ToHexString(bytes)}', "
            + $"checksum = {Chunk.Checksum(pool.Commitment.Bytes, 3, bytes)} WHERE number = 3");
        Assert.Contains("Chunk 3 of the pool 'p' is not of the order that its seed gives", Refused(Database));
    }

    [Fact]
    public async Task A_key_that_is_missing_in_the_index_is_named()
    {
        await DrawAsync(1, key: "key");
        SqliteDatabase.Execute(
            Database,
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'key IS NOT NULL', 'key > ''z''') "
            + "WHERE name = 'draw_key'");
        SqliteDatabase.Execute(Database, "REINDEX draw_key");
        SqliteDatabase.Execute(
            Database,
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'key > ''z''', 'key IS NOT NULL') "
            + "WHERE name = 'draw_key'");
        Assert.Contains("draw_key", Refused(Database));
    }

    [Fact]
    public async Task A_file_in_use_a_missing_an_empty_and_another_one_are_refused()
    {
        await using (await OpenAsync())
            Assert.Contains("is in use by another process", Refused(Database));
        Assert.Contains("There is no file", Refused(PathOf("missing.db")));
        await File.WriteAllTextAsync(PathOf("empty.db"), "", CancellationToken);
        Assert.Contains("is empty", Refused(PathOf("empty.db")));
        await File.WriteAllTextAsync(PathOf("text.db"), new string('x', 5000), CancellationToken);
        Assert.NotEmpty(Refused(PathOf("text.db")));
    }

    [Fact]
    public async Task An_open_store_passes_while_draws_go_on()
    {
        await using var store = await OpenAsync();
        using var stop = new CancellationTokenSource();
        var drawing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await DrawAsync(store, 1);
        });
        for (var round = 0; round < 3; round++)
            await store.VerifyAsync(everything: true, null, CancellationToken);
        await stop.CancelAsync();
        await drawing;
    }

    [Theory]
    [InlineData("UPDATE chunk SET offsets = zeroblob(length(offsets)) WHERE number = 20", "Chunk 20 of the pool 'p' is damaged")]
    [InlineData("DELETE FROM draw WHERE first = 1", "a gap or an overlap at position 1.")]
    public async Task Damage_in_an_open_store_ends_the_draws(string damage, string message)
    {
        await using var store = await OpenAsync();
        for (var i = 0; i < 3; i++)
            await DrawAsync(store, 1, key: $"{i}");
        SqliteDamage.InOpenStore(store, damage);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.VerifyAsync(true, null, CancellationToken).AsTask());
        Assert.Equal(StoreFault.Fatal, error.Fault);
        Assert.Contains(message, error.Message);
        Assert.Same(error, await Assert.ThrowsAsync<StoreException>(() => DrawAsync(store, 1)));
    }

    private async Task<Pool> ReadPoolAsync()
    {
        await using var store = await OpenAsync();
        return (await store.FindAsync("p", CancellationToken))!;
    }

    private static string Refused(string path) =>
        Assert.Throws<StoreRefusedException>(() => SqliteCheck.Run(path, null, CancellationToken)).Message;

    private sealed class Collector(List<CheckProgress> steps) : IProgress<CheckProgress>
    {
        public void Report(CheckProgress value) => steps.Add(value);
    }
}
