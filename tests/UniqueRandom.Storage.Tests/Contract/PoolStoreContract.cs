using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>The contract of <see cref="IPoolStore"/>, run over every store. The numbers in the comments are its items.</summary>
public abstract partial class PoolStoreContract : IAsyncLifetime
{
    protected static readonly PoolDefinition Hundred = new("hundred", new PoolRange(1, 100));

    private readonly List<IPoolStore> opened = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Time { get; } = new();

    /// <summary>The store that was opened last.</summary>
    protected IPoolStore Store => opened[^1];

    /// <summary>A store over what this test has stored so far, not opened yet.</summary>
    protected abstract IPoolStore Connect();

    public virtual async ValueTask InitializeAsync() => await ReopenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact] // 2, 3
    public async Task A_created_pool_is_found_as_it_was_defined()
    {
        var created = await CreateAsync(Hundred);
        var found = await Store.FindAsync("hundred", Cancellation);
        Assert.Equal(created, found);
        Assert.Equal(Hundred, found!.Definition);
        Assert.Equal((PoolState.Open, 0, 100), (found.State, found.Cursor, found.Remaining));
        Assert.Equal(Commitment.To(Seeds.Counting, Hundred.Range), found.Commitment);
        Assert.Equal(Time.GetUtcNow(), found.CreatedAt);
        Assert.Null(await Store.FindAsync("Hundred", Cancellation));
    }

    [Fact] // 3
    public async Task A_name_that_is_taken_is_not_created_again_and_the_pool_stays_as_it_is()
    {
        var created = await CreateAsync(Hundred);
        foreach (var range in (PoolRange[])[Hundred.Range, new(5, 6)])
        {
            var again = await Store.CreateAsync(new PoolDefinition("hundred", range), Seed.Generate(), Cancellation);
            Assert.Equal(new PoolCreation(created, IsNew: false), again);
        }

        Assert.Null(await Store.SeedAsync("hundred", null, Cancellation));
        Assert.Equal(created, await FindAsync("hundred"));
    }

    [Fact] // 4, 6
    public async Task Numbers_come_in_the_order_of_the_permutation_across_batches_chunks_and_restarts()
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
        using var permutation = Permutation.Shuffle(Seeds.Counting, 20_000, Cancellation);
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
        Assert.Equal(100, (await Store.FindAsync("hundred", Cancellation))!.Cursor);
    }

    [Fact] // 4
    public async Task One_batch_draws_from_several_pools()
    {
        await CreateAsync(Hundred);
        await CreateAsync(new PoolDefinition("ten", new PoolRange(1, 10)));
        var outcomes = await CommitAsync([new("ten", 4), new("hundred", 3), new("none"), new("ten", 2)]);
        Assert.Equal([4, 3, 0, 2], outcomes.Select(outcome => outcome.Count));
        Assert.Equal([0, 0, 0, 4], outcomes.Select(outcome => outcome.Position));
        await ReopenAsync();
        Assert.Equal(6, (await Store.FindAsync("ten", Cancellation))!.Cursor);
        Assert.Equal(3, (await Store.FindAsync("hundred", Cancellation))!.Cursor);
    }

    [Fact] // 7
    public async Task A_batch_that_draws_nothing_is_answered_all_the_same()
    {
        Assert.Equal(DrawOutcomeKind.PoolNotFound, (await DrawAsync(new DrawRequest("none"))).Kind);
        await CreateAsync(new PoolDefinition("one", new PoolRange(7, 7)));
        Assert.Equal(7, (await DrawAsync(new DrawRequest("one"))).Number);
        Assert.Equal(DrawOutcomeKind.Exhausted, (await DrawAsync(new DrawRequest("one"))).Kind);
    }

    [Fact]
    public async Task Ranges_reach_from_end_to_end_of_64_bits()
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
    public async Task A_draw_is_dated_to_the_millisecond()
    {
        await CreateAsync(Hundred);
        Time.Advance(TimeSpan.FromMilliseconds(1234));
        Assert.Equal(Time.GetUtcNow(), (await DrawAsync(new DrawRequest("hundred"))).DrawnAt);
    }

    [Fact] // 1
    public async Task A_pool_of_another_range_than_the_caller_relies_on_is_refused()
    {
        await CreateAsync(Hundred);
        await Store.DisposeAsync();
        opened.Add(Connect());
        var error = await Assert.ThrowsAsync<StoreRefusedException>(() =>
            Store.OpenAsync(new PoolDefinition("hundred", new PoolRange(1, 101)), Cancellation).AsTask());
        Assert.Contains("1..100", error.Message, StringComparison.Ordinal);
        await Store.OpenAsync(Hundred, Cancellation);
    }

    [Fact] // 15
    public async Task A_check_succeeds_as_often_as_it_is_asked_for_and_changes_nothing_that_is_told()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 3));
        var pools = await Store.ListAllAsync(Cancellation).ToListAsync(Cancellation);
        for (var i = 0; i < 3; i++)
            await Store.CheckAsync(Cancellation);
        Assert.Equal(pools, await Store.ListAllAsync(Cancellation).ToListAsync(Cancellation));
        await ReopenAsync(Hundred);
        Assert.Equal(3, (await DrawAsync(new DrawRequest("hundred"))).Position);
    }

    [Fact] // 1
    public async Task It_is_opened_once() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.OpenAsync(null, Cancellation).AsTask());

    protected async Task ReopenAsync(PoolDefinition? expected = null)
    {
        if (opened.Count > 0)
            await Store.DisposeAsync();
        opened.Add(Connect());
        await Store.OpenAsync(expected, Cancellation);
    }

    protected async Task<Pool> CreateAsync(PoolDefinition definition)
    {
        var pool = await Store.CreateAndSeedAsync(definition, Seeds.Counting, null, Cancellation);
        Assert.NotNull(pool);
        return pool;
    }

    protected async Task<DrawOutcome> DrawAsync(DrawRequest request) => (await CommitAsync([request]))[0];

    protected async Task<DrawOutcome[]> CommitAsync(DrawRequest[] requests)
    {
        var outcomes = new DrawOutcome[requests.Length];
        await Store.CommitAsync(requests, outcomes);
        return outcomes;
    }

    protected async Task<Pool> FindAsync(string name)
    {
        var pool = await Store.FindAsync(name, Cancellation);
        Assert.NotNull(pool);
        return pool;
    }
}
