using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>What becomes of a creation when the database can't be written.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    // 123 chunks: they are written 8 at a time.
    private static readonly PoolDefinition Million = new("million", new PoolRange(1, 1_000_000));
    private static readonly PoolDefinition Room = new("room", new PoolRange(1, 1));
    private static readonly PoolDefinition Small = new("small", new PoolRange(1, 10));

    private readonly TemporaryDirectory directory = new();
    private SqlitePoolStore store;

    public SqliteFaultTests() => store = new SqlitePoolStore(directory.Database, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, Cancellation);
        Assert.NotNull(await store.CreateAndSeedAsync(Small, Seeds.Zero, null, Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Theory]
    [InlineData("INSERT ON chunk WHEN NEW.number = 100")]
    [InlineData("UPDATE ON pool WHEN NEW.name = 'million'")]
    public async Task A_pool_for_whose_seeding_the_disk_has_no_room_stays_and_is_finished_whole_when_there_is_room(string change)
    {
        await ReopenAsync(path => Sql.FillDisk(path, change));
        await AssertFailsAsync(StoreFault.Unavailable);
        var left = (await store.FindAsync("million", Cancellation))!;
        Assert.Equal(PoolState.Seeding, left.State);
        Assert.Equal(DrawOutcomeKind.Drawn, await DrawAsync("small"));

        Assert.NotNull(await store.CreateAndSeedAsync(Room, Seeds.Zero, null, Cancellation));
        var pool = await store.CreateAndSeedAsync(Million, Seeds.Counting, null, Cancellation);
        Assert.Equal((PoolState.Open, 1_000_000, left.Commitment), (pool!.State, pool.Seeded, pool.Commitment));
        await ReopenAsync(_ => { });
        Assert.Equal(1_000_000, await DrawAllAsync());
    }

    [Fact]
    public async Task A_disk_without_room_for_the_first_row_leaves_no_pool()
    {
        await ReopenAsync(path => Sql.FillDisk(path, "INSERT ON pool WHEN NEW.name = 'million'"));
        await AssertFailsAsync(StoreFault.Unavailable);
        Assert.Null(await store.FindAsync("million", Cancellation));
        Assert.NotNull(await store.CreateAndSeedAsync(Room, Seeds.Zero, null, Cancellation));
        Assert.NotNull(await store.CreateAndSeedAsync(Million, Seeds.Zero, null, Cancellation));
    }

    [Theory]
    [InlineData("INSERT ON chunk WHEN NEW.number = 100")]
    [InlineData("INSERT ON pool WHEN NEW.name = 'million'")]
    [InlineData("UPDATE ON pool WHEN NEW.name = 'million'")]
    public async Task A_creation_that_fails_for_good_is_the_end_of_the_store_wherever_it_fails(string breaks)
    {
        await ReopenAsync(path => Sql.Break(path, breaks));
        await AssertFailsAsync(StoreFault.Fatal);
        Assert.Equal(StoreFault.Fatal, (await Assert.ThrowsAsync<StoreException>(() => DrawAsync("small"))).Fault);
        Assert.Equal(
            StoreFault.Fatal,
            (await Assert.ThrowsAsync<StoreException>(() => store.ListAsync(null, 1, Cancellation).AsTask())).Fault);
        await AssertLeftOpenAsync();
    }

    [Fact]
    public async Task After_a_draw_that_fails_for_good_no_seeding_goes_on()
    {
        await ReopenAsync(path => Sql.Break(path, "INSERT ON draw"));
        var stored = 0L;
        var progress = new Reports(value =>
        {
            if (stored >= 300_000)
                Assert.Fail($"After the failure {value} numbers were stored.");
            stored = value;
            if (value >= 300_000)
                Assert.ThrowsAny<StoreException>(() => DrawAsync("small").GetAwaiter().GetResult());
        });
        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.CreateAndSeedAsync(Million, Seeds.Zero, progress, Cancellation));
        Assert.Equal(StoreFault.Fatal, error.Fault);
        await AssertLeftOpenAsync();
        Assert.Equal((stored + 8191) / 8192 + 1, (long)Sql.Scalar(directory.Database, "SELECT COUNT(*) FROM chunk")!);
    }

    [Fact]
    public async Task A_close_that_fails_for_good_is_the_end_of_the_store()
    {
        await ReopenAsync(path => Sql.Break(path, "UPDATE ON pool"));
        Assert.Equal(
            StoreFault.Fatal,
            (await Assert.ThrowsAsync<StoreException>(() => store.CloseAsync("small", Cancellation).AsTask())).Fault);
        Assert.Equal(StoreFault.Fatal, (await Assert.ThrowsAsync<StoreException>(() => DrawAsync("small"))).Fault);
        await AssertLeftOpenAsync();
    }

    [Fact]
    public async Task A_close_for_which_the_disk_has_no_room_leaves_the_pool_open()
    {
        await ReopenAsync(path => Sql.FillDisk(path, "UPDATE ON pool WHEN NEW.state = 2"));
        Assert.Equal(
            StoreFault.Unavailable,
            (await Assert.ThrowsAsync<StoreException>(() => store.CloseAsync("small", Cancellation).AsTask())).Fault);
        Assert.Null((await store.FindAsync("small", Cancellation))!.Seed);
        Assert.Equal(DrawOutcomeKind.Drawn, await DrawAsync("small"));
    }

    [Fact]
    public async Task A_pool_of_a_database_that_was_moved_away_is_neither_closed_nor_is_its_seed_revealed()
    {
        File.Move(directory.Database, directory.File("moved.db"));
        Assert.Equal(
            StoreFault.Fatal,
            (await Assert.ThrowsAsync<StoreException>(() => store.CloseAsync("small", Cancellation).AsTask())).Fault);
    }

    /// <summary>Nobody knows what is on disk, so the database does not say that it was closed, and keeps its log.</summary>
    private async Task AssertLeftOpenAsync()
    {
        await store.DisposeAsync();
        Assert.True(File.Exists(directory.Database + "-wal"));
        Assert.Equal(1L, Sql.Scalar(directory.Database, "SELECT is_open FROM session"));
    }

    private async Task AssertFailsAsync(StoreFault fault)
    {
        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.CreateAndSeedAsync(Million, Seeds.Zero, null, Cancellation));
        Assert.Equal(fault, error.Fault);
    }

    private async Task<DrawOutcomeKind> DrawAsync(string pool)
    {
        var outcomes = new DrawOutcome[1];
        await store.CommitAsync(new[] { new DrawRequest(pool) }, outcomes);
        return outcomes[0].Kind;
    }

    private async Task<int> DrawAllAsync()
    {
        var outcomes = new DrawOutcome[100];
        await store.CommitAsync(Enumerable.Repeat(new DrawRequest("million", 10_000), 100).ToArray(), outcomes);
        return outcomes.SelectMany(outcome => outcome.Numbers.ToArray()).Distinct().Count();
    }

    private async Task ReopenAsync(Action<string> meanwhile)
    {
        await store.DisposeAsync();
        meanwhile(directory.Database);
        store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        await store.OpenAsync(null, Cancellation);
    }

    private sealed class Reports(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
