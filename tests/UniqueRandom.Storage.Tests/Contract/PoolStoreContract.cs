using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Tests the contract of <see cref="IPoolStore"/> for every store. The numbers in the comments are its items.</summary>
public abstract partial class PoolStoreContract : IAsyncLifetime
{
    protected static readonly PoolDefinition Hundred = new("hundred", new PoolRange(1, 100));

    private readonly List<IPoolStore> opened = [];

    protected static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Time { get; } = new();

    /// <summary>The store that was opened last.</summary>
    protected IPoolStore Store => opened[^1];

    /// <summary>Creates a store on the data of this test without opening it.</summary>
    protected abstract IPoolStore CreateStore();

    public virtual async ValueTask InitializeAsync() => await ReopenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact] // 2, 3
    public async Task A_created_pool_is_found_with_its_definition()
    {
        var created = await CreateAsync(Hundred);
        var found = await Store.FindAsync("hundred", CancellationToken);
        Assert.Equal(created, found);
        Assert.Equal(Hundred, found!.Definition);
        Assert.Equal((PoolState.Open, 0, 100), (found.State, found.Cursor, found.Remaining));
        Assert.Equal(Commitment.To(Seeds.Counting, Hundred.Range), found.Commitment);
        Assert.Equal(Time.GetUtcNow(), found.CreatedAt);
        Assert.Null(await Store.FindAsync("Hundred", CancellationToken));
    }

    [Fact] // 3
    public async Task Creating_an_existing_pool_changes_nothing()
    {
        var created = await CreateAsync(Hundred);
        foreach (var range in (PoolRange[])[Hundred.Range, new(5, 6)])
        {
            var again = await Store.CreateAsync(new PoolDefinition("hundred", range), Seed.Generate(), CancellationToken);
            Assert.Equal(new PoolCreation(created, IsNew: false), again);
        }

        Assert.Null(await Store.SeedAsync("hundred", null, CancellationToken));
        Assert.Equal(created, await FindAsync("hundred"));
    }

    [Fact] // 4, 6
    public async Task Numbers_follow_the_permutation_across_batches_chunks_and_restarts()
    {
        var definition = new PoolDefinition("p", new PoolRange(-100, 19_899));
        await CreateAsync(definition);
        var drawn = new List<long>();
        foreach (var size in new[] { 1, 7, 5000, 3, 8000 })
        {
            drawn.AddRange(
                (await CommitAsync([.. Enumerable.Repeat(new DrawRequest("p"), size)])).Select(outcome => outcome.Number));
            await ReopenAsync();
        }

        drawn.AddRange((await DrawAsync(new DrawRequest("p", 20_000 - drawn.Count))).Numbers.ToArray());
        using var permutation = Permutation.Shuffle(Seeds.Counting, 20_000, CancellationToken);
        Assert.Equal(permutation.Offsets.ToArray().Select(offset => definition.Range.NumberAt(offset)), drawn);
    }

    [Fact] // 7
    public async Task A_draw_takes_consecutive_positions_all_or_none()
    {
        await CreateAsync(Hundred);
        var outcomes = await CommitAsync(
            [new("hundred", 60), new("hundred", 41), new("hundred", 40), new("hundred")]);
        Assert.Equal(
            [DrawOutcomeKind.Drawn, DrawOutcomeKind.Exhausted, DrawOutcomeKind.Drawn, DrawOutcomeKind.Exhausted],
            outcomes.Select(outcome => outcome.Kind));
        Assert.Equal([0, 60, 60, 100], outcomes.Select(outcome => outcome.Position));
        Assert.Equal([40, 40, 0, 0], outcomes.Select(outcome => outcome.Remaining));
        Assert.Equal(
            Enumerable.Range(1, 100).Select(number => (long)number),
            outcomes.SelectMany(outcome => outcome.Numbers.ToArray()).Order());
        Assert.Equal(100, (await Store.FindAsync("hundred", CancellationToken))!.Cursor);
    }

    [Fact] // 4
    public async Task A_batch_can_draw_from_several_pools()
    {
        await CreateAsync(Hundred);
        await CreateAsync(new PoolDefinition("ten", new PoolRange(1, 10)));
        var outcomes = await CommitAsync([new("ten", 4), new("hundred", 3), new("none"), new("ten", 2)]);
        Assert.Equal([4, 3, 0, 2], outcomes.Select(outcome => outcome.Count));
        Assert.Equal([0, 0, 0, 4], outcomes.Select(outcome => outcome.Position));
        await ReopenAsync();
        Assert.Equal(6, (await Store.FindAsync("ten", CancellationToken))!.Cursor);
        Assert.Equal(3, (await Store.FindAsync("hundred", CancellationToken))!.Cursor);
    }

    [Fact] // 7
    public async Task A_batch_that_draws_nothing_has_outcomes()
    {
        Assert.Equal(DrawOutcomeKind.PoolNotFound, (await DrawAsync(new DrawRequest("none"))).Kind);
        await CreateAsync(new PoolDefinition("one", new PoolRange(7, 7)));
        Assert.Equal(7, (await DrawAsync(new DrawRequest("one"))).Number);
        Assert.Equal(DrawOutcomeKind.Exhausted, (await DrawAsync(new DrawRequest("one"))).Kind);
    }

    [Fact]
    public async Task Ranges_can_reach_the_limits_of_Int64()
    {
        await CreateAsync(new PoolDefinition("low", new PoolRange(long.MinValue, long.MinValue + 2)));
        await CreateAsync(new PoolDefinition("high", new PoolRange(long.MaxValue - 2, long.MaxValue)));
        Assert.Equal(
            [long.MinValue, long.MinValue + 1, long.MinValue + 2],
            (await DrawAsync(new DrawRequest("low", 3))).Numbers.ToArray().Order());
        Assert.Equal(
            [long.MaxValue - 2, long.MaxValue - 1, long.MaxValue],
            (await DrawAsync(new DrawRequest("high", 3))).Numbers.ToArray().Order());
    }

    [Fact]
    public async Task A_draw_has_a_time_with_milliseconds()
    {
        await CreateAsync(Hundred);
        Time.Advance(TimeSpan.FromMilliseconds(1234));
        Assert.Equal(Time.GetUtcNow(), (await DrawAsync(new DrawRequest("hundred"))).DrawnAt);
    }

    [Fact] // 1
    public async Task A_pool_with_an_unexpected_range_is_refused()
    {
        await CreateAsync(Hundred);
        await Store.DisposeAsync();
        opened.Add(CreateStore());
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() =>
            Store.OpenAsync(new PoolDefinition("hundred", new PoolRange(1, 101)), CancellationToken).AsTask());
        Assert.Contains("1..100", error.Message, StringComparison.Ordinal);
        await Store.OpenAsync(Hundred, CancellationToken);
    }

    [Fact] // 15
    public async Task A_check_can_be_repeated_and_changes_nothing()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 3));
        var pools = await Store.ListAllAsync(CancellationToken).ToListAsync(CancellationToken);
        for (var i = 0; i < 3; i++)
            await Store.CheckAsync(CancellationToken);
        Assert.Equal(pools, await Store.ListAllAsync(CancellationToken).ToListAsync(CancellationToken));
        await ReopenAsync(Hundred);
        Assert.Equal(3, (await DrawAsync(new DrawRequest("hundred"))).Position);
    }

    [Fact] // 1
    public async Task A_store_can_be_opened_only_once() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.OpenAsync(null, CancellationToken).AsTask());

    protected async Task ReopenAsync(PoolDefinition? expected = null)
    {
        if (opened.Count > 0)
            await Store.DisposeAsync();
        opened.Add(CreateStore());
        await Store.OpenAsync(expected, CancellationToken);
    }

    protected async Task<Pool> CreateAsync(PoolDefinition definition)
    {
        var pool = await Store.CreateAndSeedAsync(definition, Seeds.Counting, null, CancellationToken);
        Assert.NotNull(pool);
        return pool;
    }

    protected async Task<DrawOutcome> DrawAsync(DrawRequest request) => (await CommitAsync([request]))[0];

    protected Task<DrawOutcome[]> CommitAsync(DrawRequest[] requests) => Store.CommitBatchAsync(requests);

    protected async Task<Pool> FindAsync(string name)
    {
        var pool = await Store.FindAsync(name, CancellationToken);
        Assert.NotNull(pool);
        return pool;
    }
}
