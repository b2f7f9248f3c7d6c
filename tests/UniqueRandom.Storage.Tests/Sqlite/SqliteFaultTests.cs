using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Creation and closing of pools in a database that can't be written.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    // 123 chunks, which are written 8 at a time.
    private static readonly PoolDefinition Million = new("million", new PoolRange(1, 1_000_000));
    private static readonly PoolDefinition Room = new("room", new PoolRange(1, 1));
    private static readonly PoolDefinition Small = new("small", new PoolRange(1, 10));

    private readonly TemporaryDirectory directory = new();
    private SqlitePoolStore store;

    public SqliteFaultTests() => store = new SqlitePoolStore(directory.Database, TimeProvider.System);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, CancellationToken);
        Assert.NotNull(await store.CreateAndSeedAsync(Small, Seeds.Zero, null, CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Theory]
    [InlineData("INSERT ON chunk WHEN NEW.number = 100")]
    [InlineData("UPDATE ON pool WHEN NEW.name = 'million'")]
    public async Task A_seeding_that_fills_the_disk_keeps_its_pool_and_completes_when_there_is_room(string change)
    {
        await ReopenAsync(path => SqliteDatabase.FillDisk(path, change));
        await AssertFailsAsync(StoreFault.Unavailable);
        var left = (await store.FindAsync("million", CancellationToken))!;
        Assert.Equal(PoolState.Seeding, left.State);
        Assert.Equal(DrawOutcomeKind.Drawn, await DrawAsync("small"));

        Assert.NotNull(await store.CreateAndSeedAsync(Room, Seeds.Zero, null, CancellationToken));
        var pool = await store.CreateAndSeedAsync(Million, Seeds.Counting, null, CancellationToken);
        Assert.Equal((PoolState.Open, 1_000_000, left.Commitment), (pool!.State, pool.Seeded, pool.Commitment));
        await ReopenAsync(_ => { });
        Assert.Equal(1_000_000, await DrawAllAsync());
    }

    [Fact]
    public async Task A_disk_without_room_for_the_row_of_a_pool_leaves_no_pool()
    {
        await ReopenAsync(path => SqliteDatabase.FillDisk(path, "INSERT ON pool WHEN NEW.name = 'million'"));
        await AssertFailsAsync(StoreFault.Unavailable);
        Assert.Null(await store.FindAsync("million", CancellationToken));
        Assert.NotNull(await store.CreateAndSeedAsync(Room, Seeds.Zero, null, CancellationToken));
        Assert.NotNull(await store.CreateAndSeedAsync(Million, Seeds.Zero, null, CancellationToken));
    }

    [Theory]
    [InlineData("INSERT ON chunk WHEN NEW.number = 100")]
    [InlineData("INSERT ON pool WHEN NEW.name = 'million'")]
    [InlineData("UPDATE ON pool WHEN NEW.name = 'million'")]
    public async Task A_fatal_failure_of_a_creation_stops_the_store(string breaks)
    {
        await ReopenAsync(path => SqliteDatabase.Break(path, breaks));
        await AssertFailsAsync(StoreFault.Fatal);
        Assert.Equal(StoreFault.Fatal, (await Assert.ThrowsAsync<StoreException>(() => DrawAsync("small"))).Fault);
        Assert.Equal(
            StoreFault.Fatal,
            (await Assert.ThrowsAsync<StoreException>(() => store.ListAsync(null, 1, CancellationToken).AsTask())).Fault);
        await AssertNotClosedAsync();
    }

    [Fact]
    public async Task A_fatal_failure_of_a_draw_stops_a_seeding()
    {
        await ReopenAsync(path => SqliteDatabase.Break(path, "INSERT ON draw"));
        var stored = 0L;
        var progress = new SynchronousProgress(value =>
        {
            if (stored >= 300_000)
                Assert.Fail($"After the failure {value} numbers were stored.");
            stored = value;
            if (value >= 300_000)
                Assert.ThrowsAny<StoreException>(() => DrawAsync("small").GetAwaiter().GetResult());
        });
        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.CreateAndSeedAsync(Million, Seeds.Zero, progress, CancellationToken));
        Assert.Equal(StoreFault.Fatal, error.Fault);
        await AssertNotClosedAsync();
        Assert.Equal((stored + 8191) / 8192 + 1, (long)SqliteDatabase.Scalar(directory.Database, "SELECT COUNT(*) FROM chunk")!);
    }

    [Fact]
    public async Task A_fatal_failure_of_a_close_stops_the_store()
    {
        await ReopenAsync(path => SqliteDatabase.Break(path, "UPDATE ON pool"));
        Assert.Equal(
            StoreFault.Fatal,
            (await Assert.ThrowsAsync<StoreException>(() => store.CloseAsync("small", CancellationToken).AsTask())).Fault);
        Assert.Equal(StoreFault.Fatal, (await Assert.ThrowsAsync<StoreException>(() => DrawAsync("small"))).Fault);
        await AssertNotClosedAsync();
    }

    [Fact]
    public async Task A_close_on_a_full_disk_leaves_the_pool_open()
    {
        await ReopenAsync(path => SqliteDatabase.FillDisk(path, "UPDATE ON pool WHEN NEW.state = 2"));
        Assert.Equal(
            StoreFault.Unavailable,
            (await Assert.ThrowsAsync<StoreException>(() => store.CloseAsync("small", CancellationToken).AsTask())).Fault);
        Assert.Null((await store.FindAsync("small", CancellationToken))!.Seed);
        Assert.Equal(DrawOutcomeKind.Drawn, await DrawAsync("small"));
    }

    [Fact]
    public async Task A_pool_of_a_moved_database_cannot_be_closed()
    {
        File.Move(directory.Database, directory.File("moved.db"));
        Assert.Equal(
            StoreFault.Fatal,
            (await Assert.ThrowsAsync<StoreException>(() => store.CloseAsync("small", CancellationToken).AsTask())).Fault);
    }

    /// <summary>The state on disk is unknown, so the database is not marked as closed and keeps its WAL.</summary>
    private async Task AssertNotClosedAsync()
    {
        await store.DisposeAsync();
        Assert.True(File.Exists(directory.Database + "-wal"));
        Assert.Equal(1L, SqliteDatabase.Scalar(directory.Database, "SELECT is_open FROM session"));
    }

    private async Task AssertFailsAsync(StoreFault fault)
    {
        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.CreateAndSeedAsync(Million, Seeds.Zero, null, CancellationToken));
        Assert.Equal(fault, error.Fault);
    }

    private async Task<DrawOutcomeKind> DrawAsync(string pool)
    {
        var outcomes = await store.CommitBatchAsync(new DrawRequest(pool));
        return outcomes[0].Kind;
    }

    private async Task<int> DrawAllAsync()
    {
        var outcomes = await store.CommitBatchAsync([.. Enumerable.Repeat(new DrawRequest("million", 10_000), 100)]);
        return outcomes.SelectMany(outcome => outcome.Numbers.ToArray()).Distinct().Count();
    }

    private async Task ReopenAsync(Action<string> change)
    {
        await store.DisposeAsync();
        change(directory.Database);
        store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        await store.OpenAsync(null, CancellationToken);
    }
}
