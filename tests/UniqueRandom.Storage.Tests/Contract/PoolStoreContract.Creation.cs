using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Creation, seeding and interrupted seeding of pools.</summary>
public abstract partial class PoolStoreContract
{
    /// <summary>Large enough to interrupt its seeding, which takes many transactions.</summary>
    private static readonly PoolDefinition Million = new("million", new PoolRange(-499_999, 500_000));

    private static readonly PoolDefinition Large = new("large", new PoolRange(1, 1_000_001));

    private static readonly PoolDefinition OtherMillion = Million with { Range = new PoolRange(1, 1_000_000) };

    [Fact] // 2, 13
    public async Task A_pool_is_recorded_with_its_commitment_before_it_is_seeded()
    {
        var (pool, isNew) = await Store.CreateAsync(Hundred, Seeds.Counting, CancellationToken);
        Assert.True(isNew);
        Assert.Equal((Hundred, PoolState.Seeding, 0, 0), (pool.Definition, pool.State, pool.Cursor, pool.Seeded));
        Assert.Equal((Commitment.To(Seeds.Counting, Hundred.Range), null), (pool.Commitment, pool.Seed));
        Assert.Equal(Time.GetUtcNow(), pool.CreatedAt);

        await ReopenAsync();
        Assert.Equal(pool, await FindAsync("hundred"));
        Assert.Equal(DrawOutcomeKind.PoolSeeding, (await DrawAsync(new DrawRequest("hundred"))).Kind);

        Assert.Equal(
            pool with { State = PoolState.Open, Seeded = 100 }, await Store.SeedAsync("hundred", null, CancellationToken));
        Assert.Null(await Store.SeedAsync("hundred", null, CancellationToken));
    }

    [Fact] // 2
    public async Task Seeding_a_missing_pool_returns_null() =>
        Assert.Null(await Store.SeedAsync("none", null, CancellationToken));

    [Fact] // 2
    public async Task A_canceled_seeding_keeps_its_progress_and_the_next_one_continues()
    {
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CreateAndSeedAsync(
            Million,
            Seeds.Counting,
            new SynchronousProgress(stored => { if (stored > 300_000) cancellation.Cancel(); }),
            cancellation.Token));

        var left = await FindAsync("million");
        Assert.Equal((Million, PoolState.Seeding), (left.Definition, left.State));
        Assert.InRange(left.Seeded, 300_000, 999_999);
        var reports = new List<long>();
        var seeded = await Store.SeedAsync("million", new SynchronousProgress(reports.Add), CancellationToken);
        Assert.Equal(left.Commitment, seeded!.Commitment);
        Assert.Equal(left.Seeded, reports[0]);
    }

    [Fact] // 2
    public async Task A_small_pool_does_not_wait_for_large_pools()
    {
        using var pause = new Pause(at: 300_000);
        var seeding = Store.CreateAndSeedAsync(Large, Seeds.Zero, pause, CancellationToken);
        await pause.Reached;
        var waiting = Store.CreateAndSeedAsync(Large with { Name = "waiting" }, Seeds.Zero, null, CancellationToken);

        Assert.Equal(PoolState.Open, (await CreateAsync(Hundred)).State);

        Assert.False(waiting.IsCompleted);
        pause.Resume();
        Assert.All(await Task.WhenAll(seeding, waiting), pool => Assert.Equal(PoolState.Open, pool!.State));
    }

    [Fact] // 2
    public async Task Disposal_cancels_a_waiting_seeding_and_keeps_its_pool()
    {
        using var pause = new Pause(at: 300_000);
        var seeding = Store.CreateAndSeedAsync(Large, Seeds.Zero, pause, CancellationToken);
        await pause.Reached;
        var waiting = Store.CreateAndSeedAsync(Large with { Name = "waiting" }, Seeds.Zero, null, CancellationToken);
        await Eventually.TrueAsync(
            async () => await Store.FindAsync("waiting", CancellationToken) is not null, "the pool is recorded");

        var end = Store.DisposeAsync().AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        pause.Resume();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => seeding);
        await end;

        await ReopenAsync();
        Assert.Equal(["large", "waiting"], await ListNamesAsync());
        Assert.NotNull(await Store.SeedAsync("waiting", null, CancellationToken));
    }

    [Fact] // 2
    public async Task Progress_starts_at_0_and_ends_at_the_size_of_the_pool()
    {
        var reports = new List<long>();
        await Store.CreateAndSeedAsync(
            new PoolDefinition("p", new PoolRange(1, 200_000)),
            Seeds.Zero,
            new SynchronousProgress(reports.Add),
            CancellationToken);
        Assert.Equal(reports.Order(), reports);
        Assert.Equal(0, reports[0]);
        Assert.Equal(200_000, reports[^1]);
    }

    [Fact] // 2, 13
    public async Task A_seeding_pool_shows_its_commitment_and_cannot_be_drawn_from()
    {
        await CreateAsync(Hundred);
        using var pause = new Pause(at: 300_000);
        var creation = Store.CreateAndSeedAsync(Million, Seeds.Zero, pause, CancellationToken);
        await pause.Reached;

        var found = await FindAsync("million");
        Assert.Equal((PoolState.Seeding, 0), (found.State, found.Cursor));
        Assert.InRange(found.Seeded, 300_000, 999_999);
        Assert.Equal(Commitment.To(Seeds.Zero, Million.Range), found.Commitment);
        Assert.Null(found.Seed);
        var outcomes = await CommitAsync([new("million"), new("hundred"), new("million", 5, Key: "k")]);
        Assert.Equal(
            [DrawOutcomeKind.PoolSeeding, DrawOutcomeKind.Drawn, DrawOutcomeKind.PoolSeeding],
            outcomes.Select(outcome => outcome.Kind));
        Assert.Null(await Store.SeedAsync("million", null, CancellationToken));
        var (taken, isNew) = await Store.CreateAsync(OtherMillion, Seeds.Zero, CancellationToken);
        Assert.Equal((Million, PoolState.Seeding, false), (taken.Definition, taken.State, isNew));

        pause.Resume();
        Assert.Equal(PoolState.Open, (await creation)!.State);
        Assert.Equal((PoolState.Open, 1_000_000), ((await FindAsync("million")).State, (await FindAsync("million")).Seeded));
        Assert.False((await DrawAsync(new DrawRequest("million", 5, Key: "k"))).IsReplayed);
    }

    [Fact] // 2, 12, 13
    public async Task An_interrupted_seeding_leaves_only_a_seeding_pool()
    {
        var stored = await InterruptAsync(Million, Seeds.Counting);
        var found = await FindAsync("million");
        Assert.Equal((Million, PoolState.Seeding, 0, stored), (found.Definition, found.State, found.Cursor, found.Seeded));
        Assert.Equal(Commitment.To(Seeds.Counting, Million.Range), found.Commitment);
        Assert.Null(found.Seed);
        Assert.Equal(found, Assert.Single(await Store.ListAllAsync(CancellationToken).ToListAsync(CancellationToken)));

        Assert.Equal(DrawOutcomeKind.PoolSeeding, (await DrawAsync(new DrawRequest("million"))).Kind);
        Assert.Equal(found, await Store.CloseAsync("million", CancellationToken));
        Assert.Equal(new PoolCreation(found, IsNew: false), await Store.CreateAsync(OtherMillion, Seeds.Zero, CancellationToken));
        Assert.Empty(await Store.ReadLogAsync("million", 0, 10, CancellationToken));
        Assert.Null(await Store.FindPositionAsync("million", 1, CancellationToken));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Store.ReadNumbersAsync("million", 0, new long[1], CancellationToken).AsTask());
        Assert.Equal(found, await FindAsync("million"));
    }

    [Fact] // 2, 3
    public async Task An_interrupted_seeding_is_completed_with_its_original_seed()
    {
        var stored = await InterruptAsync(Million, Seeds.Counting);
        var createdAt = (await FindAsync("million")).CreatedAt;
        Time.Advance(TimeSpan.FromHours(1));

        var reports = new List<long>();
        var finished = await Store.CreateAndSeedAsync(
            Million, Seeds.Zero, new SynchronousProgress(reports.Add), CancellationToken);
        Assert.Equal((stored, 1_000_000), (reports[0], reports[^1]));
        Assert.Equal((PoolState.Open, createdAt), (finished!.State, finished.CreatedAt));
        Assert.Equal(Commitment.To(Seeds.Counting, Million.Range), finished.Commitment);

        await ReopenAsync(Million);
        Assert.Equal(finished, await FindAsync("million"));
        using var permutation = Permutation.Shuffle(Seeds.Counting, 1_000_000, CancellationToken);
        var outcomes = await CommitAsync([.. Enumerable.Repeat(new DrawRequest("million", 10_000), 100)]);
        Assert.Equal(
            permutation.Offsets.ToArray().Select(offset => Million.Range.NumberAt(offset)),
            outcomes.SelectMany(outcome => outcome.Numbers.ToArray()));
    }

    [Fact] // 2
    public async Task A_seeding_can_be_interrupted_repeatedly_and_continues_each_time()
    {
        var stored = 0L;
        for (var time = 1; time <= 3; time++)
        {
            var before = stored;
            stored = await InterruptAsync(Million, Seeds.Number(time), at: 250_000 * time);
            Assert.InRange(stored, before + 1, 999_999);
        }

        Assert.Equal(Commitment.To(Seeds.Number(1), Million.Range), (await CreateAsync(Million)).Commitment);
    }

    [Fact] // 2
    public async Task Only_an_unfinished_pool_with_an_unexpected_range_is_removed()
    {
        await CreateAsync(Hundred);
        await InterruptAsync(new PoolDefinition("other", Million.Range), Seeds.Zero);
        await InterruptAsync(Million, Seeds.Zero);

        await ReopenAsync(Hundred);
        await ReopenAsync(Million);
        Assert.Equal(["hundred", "million", "other"], await ListNamesAsync());

        await ReopenAsync(OtherMillion);
        Assert.Equal(["hundred", "other"], await ListNamesAsync());
        Assert.Equal(OtherMillion, (await CreateAsync(OtherMillion)).Definition);
        Assert.Equal(PoolState.Seeding, (await FindAsync("other")).State);
    }

    [Fact]
    public async Task Pools_are_listed_in_ordinal_order_of_their_names()
    {
        string[] names = ["a-b", "b", "a_b", "a1", "ab", "a", "0", "_", "-", "a-", "z", "10", "9"];
        foreach (var name in names)
            await CreateAsync(new PoolDefinition(name, new PoolRange(1, 1)));

        Assert.Equal(names.Order(StringComparer.Ordinal), await ListNamesAsync());
        await ReopenAsync();
        Assert.Equal(names.Order(StringComparer.Ordinal), await ListNamesAsync());
    }

    /// <summary>Disposes the store during a seeding, and opens a new store.</summary>
    /// <returns>The count of numbers stored by then.</returns>
    private async Task<long> InterruptAsync(PoolDefinition definition, Seed seed, int at = 300_000)
    {
        var (store, stored, end) = (Store, 0L, (Task?)null);
        var progress = new SynchronousProgress(value =>
        {
            stored = value;
            if (value >= at)
                end ??= store.DisposeAsync().AsTask();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.CreateAndSeedAsync(definition, seed, progress, CancellationToken));
        await end!;
        await ReopenAsync();
        return stored;
    }

    /// <summary>Pauses a seeding when a given count of numbers is stored.</summary>
    private sealed class Pause(int at) : IProgress<long>, IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim resumed = new();

        public Task Reached => reached.Task.WaitAsync(CancellationToken);

        public void Report(long value)
        {
            if (value < at)
                return;
            reached.TrySetResult();
            resumed.Wait();
        }

        public void Resume() => resumed.Set();

        public void Dispose() => resumed.Dispose();
    }
}
