using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Storage.Tests.Sqlite;

public sealed class SqlitePoolStoreTests : PoolStoreContract
{
    private readonly TemporaryDirectory directory = new();

    protected override IPoolStore CreateStore() => new SqlitePoolStore(directory.Database, Time);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_key_is_stored_once_with_the_draw_that_took_numbers()
    {
        await CreateAsync(Hundred);
        DrawRequest[] requests =
        [
            new("hundred", 200, Key: "a"), new("hundred", 2, Key: "a"), new("hundred", 2, Key: "a"), new("hundred", 3, Key: "a"),
            new("hundred"),
        ];
        await CommitAsync(requests);
        await CommitAsync(requests);
        await CommitAsync([new("hundred", 2, Key: "a", Caller: "ann")]);
        await DisposeStoreAsync();
        Assert.Equal(
            "0:2:a:,2:2::,4:2:a:ann",
            SqliteDatabase.Scalar(
                directory.Database,
                """
                SELECT group_concat(first || ':' || count || ':' || ifnull(key, '') || ':' || caller)
                FROM (SELECT * FROM draw ORDER BY first)
                """));
    }

    [Fact]
    public async Task Keys_are_looked_up_by_index()
    {
        await DisposeStoreAsync();
        Assert.Equal(
            "SEARCH draw USING COVERING INDEX draw_key (key=? AND caller=?)",
            SqliteDatabase.Plan(directory.Database, "SELECT first FROM draw WHERE key = 'k' AND caller = ''"));
    }

    [Fact]
    public async Task The_seed_of_a_pool_is_stored_before_its_chunks()
    {
        var definition = new PoolDefinition("p", new PoolRange(1, 1_000_000));
        var store = Store;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.CreateAndSeedAsync(
                definition,
                Seeds.Counting,
                new SynchronousProgress(_ => store.DisposeAsync().AsTask()),
                CancellationToken));
        await store.DisposeAsync();
        Assert.Equal(
            Seeds.Counting.Bytes.ToArray(), SqliteDatabase.Scalar(directory.Database, "SELECT seed FROM pool WHERE state = 0"));
        Assert.Equal(0L, SqliteDatabase.Scalar(directory.Database, "SELECT COUNT(*) FROM chunk"));
        await ReopenAsync();
        Assert.Equal(0, (await FindAsync("p")).Seeded);
    }

    [Fact]
    public async Task Thousands_of_pools_are_all_listed_once()
    {
        var names = Enumerable.Range(0, 2500).Select(number => $"{number * 7919 % 2500}").ToArray();
        foreach (var name in names)
            await CreateSingleNumberPoolAsync(name);

        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            await Store.ListAllAsync(CancellationToken).Select(pool => pool.Definition.Name).ToListAsync(CancellationToken));
        Assert.Equal(1000, (await Store.ListAsync(null, 1000, CancellationToken)).Count);
    }

    [Fact]
    public async Task A_second_store_on_an_open_database_is_refused()
    {
        await using var second = CreateStore();
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => second.OpenAsync(null, CancellationToken).AsTask());
        Assert.Contains(directory.Database, error.Message, StringComparison.Ordinal);
        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_store_through_a_symbolic_link_is_refused()
    {
        var link = Path.Combine(directory.Path, "link.db");
        File.CreateSymbolicLink(link, directory.Database);
        await using var second = new SqlitePoolStore(link, Time);
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => second.OpenAsync(null, CancellationToken).AsTask());
        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clean_close_leaves_the_database_and_its_mark()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred"));
        await DisposeStoreAsync();
        Assert.Equal(
            ["numbers.db", "numbers.db.mark"],
            Directory.EnumerateFiles(directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_moved_database_cannot_be_drawn_from()
    {
        await CreateAsync(Hundred);
        File.Move(directory.Database, directory.Database + ".old");
        var error = await Assert.ThrowsAsync<StoreException>(() => DrawAsync(new DrawRequest("hundred")));
        Assert.Equal(StoreFault.Fatal, error.Fault);
        File.Move(directory.Database + ".old", directory.Database);
    }

    [Fact]
    public async Task A_copy_of_an_open_database_without_its_WAL_is_refused()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 3));
        // Copies only the database file, as a backup program would. Another process copies it, because closing a descriptor in
        // this one drops SQLite's locks.
        var copy = directory.File("copy.db");
        await Command.RunAsync("cp", directory.Database, copy);

        await using var second = new SqlitePoolStore(copy, Time);
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() => second.OpenAsync(null, CancellationToken).AsTask());
        Assert.Contains("copy.db-wal' is missing", error.Message, StringComparison.Ordinal);
    }

    private async Task DisposeStoreAsync()
    {
        await ReopenAsync();
        await base.DisposeAsync();
    }
}
