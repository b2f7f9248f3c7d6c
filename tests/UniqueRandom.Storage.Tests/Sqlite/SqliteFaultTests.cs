using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>What becomes of a creation when the database can't be written.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    // 123 chunks: they are written 4 at a time and removed 64 at a time.
    private static readonly PoolDefinition Million = new("million", new PoolRange(1, 1_000_000));
    private static readonly PoolDefinition Small = new("small", new PoolRange(1, 10));

    private readonly TemporaryDirectory directory = new();
    private SqlitePoolStore store;

    public SqliteFaultTests() => store = new SqlitePoolStore(directory.Database, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, Cancellation);
        Assert.NotNull(await store.CreateAsync(Small, Seeds.Zero, null, Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_creation_for_which_the_disk_has_no_room_leaves_no_pool()
    {
        await ReopenAsync(path => Sql.FillDisk(path, "INSERT ON chunk WHEN NEW.number = 100"));
        await AssertFailsAsync(StoreFault.Unavailable);
        Assert.Null(await store.FindAsync("million", Cancellation));
        Assert.Equal(DrawOutcomeKind.Drawn, await DrawAsync("small"));
        await ReopenAsync(path => Assert.Equal(1L, Sql.Scalar(path, "SELECT COUNT(*) FROM chunk")));
        Assert.Null(await store.FindAsync("million", Cancellation));
    }

    [Fact]
    public async Task A_disk_without_room_for_the_first_row_leaves_no_pool()
    {
        await ReopenAsync(path => Sql.FillDisk(path, "INSERT ON pool WHEN NEW.name = 'million'"));
        await AssertFailsAsync(StoreFault.Unavailable);
        Assert.Null(await store.FindAsync("million", Cancellation));
        Assert.NotNull(await store.CreateAsync(new PoolDefinition("room", new PoolRange(1, 1)), Seeds.Zero, null, Cancellation));
        Assert.NotNull(await store.CreateAsync(Million, Seeds.Zero, null, Cancellation));
    }

    /// <summary>Removed from its end: the first half of its chunks is gone when there is no room for the rest.</summary>
    [Theory]
    [InlineData("DELETE ON chunk WHEN OLD.number = 95")]
    [InlineData("DELETE ON chunk WHEN OLD.number = 10")]
    [InlineData("DELETE ON pool WHEN OLD.name = 'million'")]
    [InlineData("UPDATE ON pool WHEN NEW.name = 'million'")]
    public async Task A_creation_that_can_not_even_be_removed_stays_and_is_finished_whole_when_there_is_room(string change)
    {
        await ReopenAsync(path =>
        {
            Sql.FillDisk(path, "INSERT ON chunk WHEN NEW.number = 100");
            Sql.FillDisk(path, change);
        });
        await AssertFailsAsync(StoreFault.Unavailable);
        if (change.StartsWith("DELETE", StringComparison.Ordinal))
            Assert.Equal(PoolState.Seeding, (await store.FindAsync("million", Cancellation))!.State);
        Assert.Equal(DrawOutcomeKind.Drawn, await DrawAsync("small"));

        Assert.NotNull(await store.CreateAsync(new PoolDefinition("room", new PoolRange(1, 1)), Seeds.Zero, null, Cancellation));
        var pool = await store.CreateAsync(Million, Seeds.Counting, null, Cancellation);
        Assert.Equal((PoolState.Open, 1_000_000), (pool!.State, pool.Seeded));
        await ReopenAsync(_ => { });
        Assert.Equal(1_000_000, await DrawAllAsync());
    }

    [Theory]
    [InlineData("INSERT ON chunk WHEN NEW.number = 100", null)]
    [InlineData("INSERT ON pool WHEN NEW.name = 'million'", null)]
    [InlineData("UPDATE ON pool WHEN NEW.name = 'million'", null)]
    [InlineData("DELETE ON chunk", "INSERT ON chunk WHEN NEW.number = 100")]
    [InlineData("DELETE ON pool", "INSERT ON chunk WHEN NEW.number = 100")]
    public async Task A_creation_that_fails_for_good_is_the_end_of_the_store_wherever_it_fails(string breaks, string? isFull)
    {
        await ReopenAsync(path =>
        {
            Sql.Break(path, breaks);
            if (isFull is not null)
                Sql.FillDisk(path, isFull);
        });
        await AssertFailsAsync(StoreFault.Fatal);
        Assert.Equal(StoreFault.Fatal, (await Assert.ThrowsAsync<StoreException>(() => DrawAsync("small"))).Fault);
        Assert.Equal(
            StoreFault.Fatal, (await Assert.ThrowsAsync<StoreException>(() => store.ListAsync(Cancellation).AsTask())).Fault);
        await AssertLeftOpenAsync();
    }

    [Fact]
    public async Task After_a_draw_that_fails_for_good_no_seeding_goes_on()
    {
        await ReopenAsync(path => Sql.Break(path, "INSERT ON draw"));
        var stored = 0L;
        var error = await Assert.ThrowsAsync<StoreException>(() => store.CreateAsync(Million, Seeds.Zero, new Reports(value =>
        {
            if (stored >= 300_000)
                Assert.Fail($"After the failure {value} numbers were stored.");
            stored = value;
            if (value >= 300_000)
                Assert.ThrowsAny<StoreException>(() => DrawAsync("small").GetAwaiter().GetResult());
        }), Cancellation).AsTask());
        Assert.Equal(StoreFault.Fatal, error.Fault);
        await AssertLeftOpenAsync();
        Assert.Equal((stored + 8191) / 8192 + 1, (int)(long)Sql.Scalar(directory.Database, "SELECT COUNT(*) FROM chunk")!);
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
            () => store.CreateAsync(Million, Seeds.Zero, null, Cancellation).AsTask());
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

    private sealed class Reports(Action<long> hear) : IProgress<long>
    {
        public void Report(long value) => hear(value);
    }
}
