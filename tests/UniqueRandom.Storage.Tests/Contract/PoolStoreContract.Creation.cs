using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>How a pool comes to be, and what is left of one that does not.</summary>
public abstract partial class PoolStoreContract
{
    /// <summary>So large that its seeding can be cut off: it is written in many transactions.</summary>
    private static readonly PoolDefinition Million = new("million", new PoolRange(-499_999, 500_000));

    private static readonly PoolDefinition OtherMillion = Million with { Range = new PoolRange(1, 1_000_000) };

    [Fact] // 2
    public async Task A_cancelled_creation_leaves_no_pool_and_the_name_free()
    {
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CreateAsync(
            Million, Seeds.Zero, new Reports(stored => { if (stored > 300_000) cancellation.Cancel(); }),
            cancellation.Token).AsTask());

        Assert.Null(await Store.FindAsync("million", Cancellation));
        Assert.Empty(await Store.ListAsync(Cancellation));
        Assert.Equal(DrawOutcomeKind.PoolNotFound, (await DrawAsync(new DrawRequest("million"))).Kind);
        Assert.Equal(OtherMillion, (await CreateAsync(OtherMillion)).Definition);
    }

    [Fact] // 2
    public async Task The_progress_of_a_creation_ends_at_the_size()
    {
        var reports = new List<long>();
        await Store.CreateAsync(
            new PoolDefinition("p", new PoolRange(1, 200_000)), Seeds.Zero, new Reports(reports.Add), Cancellation);
        Assert.Equal(reports.Order(), reports);
        Assert.Equal(0, reports[0]);
        Assert.Equal(200_000, reports[^1]);
    }

    [Fact] // 2, 13
    public async Task A_pool_that_is_being_seeded_is_seen_with_its_commitment_and_not_drawn_from_while_others_are()
    {
        await CreateAsync(Hundred);
        using var pause = new Pause(at: 300_000);
        var creation = Store.CreateAsync(Million, Seeds.Zero, pause, Cancellation).AsTask();
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
        Assert.Null(await Store.CreateAsync(Million, Seeds.Zero, null, Cancellation));

        pause.End();
        Assert.Equal(PoolState.Open, (await creation)!.State);
        Assert.Equal((PoolState.Open, 1_000_000), ((await FindAsync("million")).State, (await FindAsync("million")).Seeded));
        Assert.False((await DrawAsync(new DrawRequest("million", 5, Key: "k"))).IsReplayed);
    }

    [Fact] // 2, 12, 13
    public async Task A_creation_that_was_cut_off_is_found_seeding_and_nothing_but_seeding()
    {
        var stored = await CutOffAsync(Million, Seeds.Counting);
        var found = await FindAsync("million");
        Assert.Equal((Million, PoolState.Seeding, 0, stored), (found.Definition, found.State, found.Cursor, found.Seeded));
        Assert.Equal(Commitment.To(Seeds.Counting, Million.Range), found.Commitment);
        Assert.Null(found.Seed);
        Assert.Equal(found, Assert.Single(await Store.ListAsync(Cancellation)));

        Assert.Equal(DrawOutcomeKind.PoolSeeding, (await DrawAsync(new DrawRequest("million"))).Kind);
        Assert.Equal(found, await Store.CloseAsync("million", Cancellation));
        Assert.Null(await Store.CreateAsync(OtherMillion, Seeds.Zero, null, Cancellation));
        Assert.Empty(await Store.ReadLogAsync("million", 0, 10, Cancellation));
        Assert.Null(await Store.FindPositionAsync("million", 1, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Store.ReadNumbersAsync("million", 0, new long[1], Cancellation).AsTask());
        Assert.Equal(found, await FindAsync("million"));
    }

    [Fact] // 2, 3
    public async Task A_creation_that_was_cut_off_is_finished_with_its_own_seed_by_creating_it_again()
    {
        var stored = await CutOffAsync(Million, Seeds.Counting);
        var createdAt = (await FindAsync("million")).CreatedAt;
        Time.Advance(TimeSpan.FromHours(1));

        var reports = new List<long>();
        var finished = await Store.CreateAsync(Million, Seeds.Zero, new Reports(reports.Add), Cancellation);
        Assert.Equal((stored, 1_000_000), (reports[0], reports[^1]));
        Assert.Equal((PoolState.Open, createdAt), (finished!.State, finished.CreatedAt));
        Assert.Equal(Commitment.To(Seeds.Counting, Million.Range), finished.Commitment);

        await ReopenAsync(Million);
        Assert.Equal(finished, await FindAsync("million"));
        using var permutation = Permutation.Shuffle(Seeds.Counting, 1_000_000, Cancellation);
        var outcomes = await CommitAsync([.. Enumerable.Repeat(new DrawRequest("million", 10_000), 100)]);
        Assert.Equal(
            permutation.Offsets.ToArray().Select(offset => Million.Range.NumberAt(offset)),
            outcomes.SelectMany(outcome => outcome.Numbers.ToArray()));
    }

    [Fact] // 2
    public async Task A_creation_can_be_cut_off_again_and_again_and_goes_on_each_time()
    {
        var stored = 0L;
        for (var time = 1; time <= 3; time++)
        {
            var before = stored;
            stored = await CutOffAsync(Million, Seeds.Number(time), at: 250_000 * time);
            Assert.InRange(stored, before + 1, 999_999);
        }

        Assert.Equal(Commitment.To(Seeds.Number(1), Million.Range), (await CreateAsync(Million)).Commitment);
    }

    [Fact] // 2
    public async Task Only_the_pool_that_the_caller_relies_on_is_forgotten_and_only_if_it_is_unfinished_and_of_another_range()
    {
        await CreateAsync(Hundred);
        await CutOffAsync(new PoolDefinition("other", Million.Range), Seeds.Zero);
        await CutOffAsync(Million, Seeds.Zero);

        await ReopenAsync(Hundred);
        await ReopenAsync(Million);
        Assert.Equal(["hundred", "million", "other"], (await Store.ListAsync(Cancellation)).Select(pool => pool.Definition.Name));

        await ReopenAsync(OtherMillion);
        Assert.Equal(["hundred", "other"], (await Store.ListAsync(Cancellation)).Select(pool => pool.Definition.Name));
        Assert.Equal(OtherMillion, (await CreateAsync(OtherMillion)).Definition);
        Assert.Equal(PoolState.Seeding, (await FindAsync("other")).State);
    }

    [Fact]
    public async Task Pools_are_listed_by_name_as_bytes_are_ordered()
    {
        string[] names = ["a-b", "b", "a_b", "a1", "ab", "a", "0", "_", "-", "a-", "z", "10", "9"];
        foreach (var name in names)
            await CreateAsync(new PoolDefinition(name, new PoolRange(1, 1)));

        Assert.Equal(
            names.Order(StringComparer.Ordinal), (await Store.ListAsync(Cancellation)).Select(pool => pool.Definition.Name));
        await ReopenAsync();
        Assert.Equal(
            names.Order(StringComparer.Ordinal), (await Store.ListAsync(Cancellation)).Select(pool => pool.Definition.Name));
    }

    /// <summary>Ends the store in the middle of a creation, and opens the next one.</summary>
    /// <returns>How many numbers were stored by then.</returns>
    private async Task<long> CutOffAsync(PoolDefinition definition, Seed seed, int at = 300_000)
    {
        var (store, stored, end) = (Store, 0L, (Task?)null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CreateAsync(definition, seed, new Reports(value =>
        {
            stored = value;
            if (value >= at)
                end ??= store.DisposeAsync().AsTask();
        }), Cancellation).AsTask());
        await end!;
        await ReopenAsync();
        return stored;
    }

    private sealed class Reports(Action<long> hear) : IProgress<long>
    {
        public void Report(long value) => hear(value);
    }

    /// <summary>Holds a creation up from the moment at which so many numbers are stored.</summary>
    private sealed class Pause(int at) : IProgress<long>, IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim ended = new();

        public Task Reached => reached.Task.WaitAsync(Cancellation);

        public void Report(long value)
        {
            if (value < at)
                return;
            reached.TrySetResult();
            ended.Wait();
        }

        public void End() => ended.Set();

        public void Dispose() => ended.Dispose();
    }
}
