using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Pools that are extended.</summary>
public abstract partial class PoolStoreContract
{
    private static readonly Seed SecondSeed = new([.. Enumerable.Repeat((byte)2, Seed.Length)]);
    private static readonly Seed ThirdSeed = new([.. Enumerable.Repeat((byte)3, Seed.Length)]);

    /// <summary>Neither a whole chunk nor a whole number of them, so that the next segment begins in the middle of one.</summary>
    private static readonly PoolDefinition First = new("p", new PoolRange(-100, 9_899));

    [Fact] // 2, 4, 7
    public async Task Draws_cross_the_border_within_a_draw_and_within_a_batch()
    {
        await CreateAsync(First);
        await ExtendAsync("p", 29_999, SecondSeed);
        await ExtendAsync("p", 30_009, ThirdSeed);
        var outcomes = await CommitAsync([new("p", 9_990), new("p", 9), new("p"), new("p"), new("p", 3)]);
        Assert.Equal([0, 9_990, 9_999, 10_000, 10_001], outcomes.Select(outcome => outcome.Position));
        Assert.Equal(30_110 - 10_004, outcomes[^1].Remaining);
        await ReopenAsync();
        var drawn = outcomes.SelectMany(outcome => outcome.Numbers.ToArray()).ToList();
        foreach (var count in (int[])[9_996, 9_995, 13, 1, 100])
        {
            drawn.AddRange((await DrawAsync(new DrawRequest("p", count))).Numbers.ToArray());
            await ReopenAsync();
        }

        Assert.Equal(DrawOutcomeKind.Exhausted, (await DrawAsync(new DrawRequest("p", 2))).Kind);
        drawn.Add((await DrawAsync(new DrawRequest("p"))).Number);
        Assert.Equal(
            [
                .. OrderOf(First.Range, Seeds.Counting),
                .. OrderOf(new PoolRange(9_900, 29_999), SecondSeed),
                .. OrderOf(new PoolRange(30_000, 30_009), ThirdSeed),
            ],
            drawn);
        Assert.Equal(PoolState.Exhausted, (await FindAsync("p")).State);
    }

    [Theory] // 2
    [InlineData(PoolOrder.Computed, PoolOrder.Stored)]
    [InlineData(PoolOrder.Stored, PoolOrder.Computed)]
    [InlineData(PoolOrder.Computed, PoolOrder.Computed)]
    public async Task A_segment_can_have_another_kind_of_order(PoolOrder first, PoolOrder second)
    {
        var (range, further) = (new PoolRange(1, 1_000_000), new PoolRange(1_000_001, 2_000_000));
        await Store.CreateAsync(new PoolDefinition("p", range, first), Seeds.Counting, CancellationToken);
        await Store.SeedAsync("p", null, CancellationToken);
        var (outcome, extended, _) = await Store.ExtendAsync(
            new ExtensionRequest("p", 2_000_000, second == first ? null : second), SecondSeed, CancellationToken);
        Assert.Equal(ExtensionOutcome.Recorded, outcome);
        Assert.Equal(second == PoolOrder.Stored, extended!.Pending is not null);
        Assert.Equal(second == PoolOrder.Stored, await Store.SeedAsync("p", null, CancellationToken) is not null);
        for (var batch = 0; batch < 10; batch++)
        {
            await CommitAsync([.. Enumerable.Range(0, batch == 9 ? 9 : 10)
                .Select(_ => new DrawRequest("p", DrawRequest.MaximumCount))]);
        }

        await DrawAsync(new DrawRequest("p", 9_998));
        var drawn = (await DrawAsync(new DrawRequest("p", 1_000, Key: "border"))).Numbers.ToArray();
        long[] expected = [.. OrderOf(range, Seeds.Counting, first)[^2..], .. OrderOf(further, SecondSeed, second)[..998]];
        Assert.Equal(expected, drawn);

        await ReopenAsync();
        var read = new long[1_000];
        await Store.ReadNumbersAsync("p", 999_998, read, CancellationToken);
        Assert.Equal(expected, read);
        Assert.Equal(expected, (await DrawAsync(new DrawRequest("p", 1_000, Key: "border"))).Numbers.ToArray());
        await Store.SampleAsync("p", new long[] { 999_998, 999_999, 1_000_000, 1_000_997 }, read, CancellationToken);
        Assert.Equal([expected[0], expected[1], expected[2], expected[^1]], read[..4]);
        for (var i = 0; i < 5; i++)
            Assert.Equal(999_998 + i, await Store.FindPositionAsync("p", expected[i], CancellationToken));
        Assert.Null(await Store.FindPositionAsync("p", OrderOf(further, SecondSeed, second)[998], CancellationToken));
        Assert.Null(await Store.FindPositionAsync("p", 2_000_001, CancellationToken));
        var verified = 0L;
        await Store.VerifyAsync(everything: true, new SynchronousProgress(count => verified = count), CancellationToken);
        Assert.Equal((await FindAsync("p")).StoredSize, verified);
    }

    [Fact] // 2
    public async Task Draws_go_on_while_a_segment_is_stored()
    {
        await CreateAsync(Hundred);
        var (_, recorded, _) = await Store.ExtendAsync(new("hundred", 400_000), SecondSeed, CancellationToken);
        Assert.Equal(Hundred, recorded!.Definition);
        Assert.Equal((100, 399_900, 0, false), (
            recorded.Pending!.First, recorded.Pending.Range.Size, recorded.Pending.Seeded, recorded.Pending.IsReady));
        Assert.Equal(Commitment.To(SecondSeed, new PoolRange(101, 400_000)), recorded.Pending.Commitment);
        var drawn = new List<long>();
        var states = new List<PoolState>();
        var seeded = await Store.SeedAsync("hundred", new SynchronousProgress(_ =>
        {
            var outcome = DrawAsync(new DrawRequest("hundred", drawn.Count < 80 ? 40 : 20)).GetAwaiter().GetResult();
            drawn.AddRange(outcome.Numbers.ToArray());
            states.Add(FindAsync("hundred").GetAwaiter().GetResult().State);
        }), CancellationToken);
        Assert.Equal(OrderOf(Hundred.Range, Seeds.Counting), drawn.Take(100));
        // The numbers of the segment are drawn from after it is whole.
        Assert.Equal(100, drawn.Count);
        Assert.Contains(PoolState.Exhausted, states);
        Assert.Equal((PoolState.Open, 399_900, 400_000), (seeded!.State, seeded.Remaining, seeded.Definition.Range.Maximum));
        Assert.Equal(seeded, await FindAsync("hundred"));
        Assert.Equal(OrderOf(new PoolRange(101, 400_000), SecondSeed)[0], (await DrawAsync(new("hundred"))).Number);
    }

    [Fact] // 2
    public async Task An_interrupted_segment_is_continued_after_a_restart()
    {
        await CreateAsync(Hundred);
        await Store.ExtendAsync(new("hundred", 1_000_000), SecondSeed, CancellationToken);
        using var canceled = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SeedAsync(
            "hundred",
            new SynchronousProgress(count =>
            {
                if (count > 300_000)
                    canceled.Cancel();
            }),
            canceled.Token).AsTask());
        await DrawAsync(new DrawRequest("hundred", 50));
        await ReopenAsync(Hundred);
        var pool = await FindAsync("hundred");
        Assert.InRange(pool.Pending!.Seeded, 300_000, 999_899);
        Assert.Equal((PoolState.Open, Hundred), (pool.State, pool.Definition));
        Assert.Equal((100, true), (pool.Segments[0].Seeded, pool.Segments[0].IsReady));
        long? continued = null;
        Assert.NotNull(await Store.SeedAsync(
            "hundred", new SynchronousProgress(count => continued ??= count), CancellationToken));
        Assert.Equal(pool.Pending.Seeded, continued);
        await Store.VerifyAsync(everything: true, null, CancellationToken);
        long[] expected =
            [.. OrderOf(Hundred.Range, Seeds.Counting)[50..], .. OrderOf(new PoolRange(101, 1_000_000), SecondSeed)[..50]];
        Assert.Equal(expected, (await DrawAsync(new DrawRequest("hundred", 100))).Numbers.ToArray());
        Assert.Null(await Store.SeedAsync("hundred", null, CancellationToken));
    }

    [Fact] // 12, 13
    public async Task A_pool_that_is_closed_while_a_segment_is_stored_never_gets_it()
    {
        await CreateAsync(Hundred);
        await Store.ExtendAsync(new("hundred", 1_000_000, Key: "k"), SecondSeed, CancellationToken);
        var isClosed = false;
        var removed = await Store.SeedAsync("hundred", new SynchronousProgress(count =>
        {
            if (count > 300_000 && !isClosed)
                isClosed = Store.CloseAsync("hundred", CancellationToken).AsTask().GetAwaiter().GetResult() is not null;
        }), CancellationToken);
        Assert.Equal((PoolState.Closed, Hundred), (removed!.State, removed.Definition));
        Assert.Equal(Seeds.Counting, removed.Seed);
        Assert.Empty(removed.Extensions);
        await ReopenAsync();
        Assert.Equal(removed, await FindAsync("hundred"));
        Assert.Null(await Store.SeedAsync("hundred", null, CancellationToken));
        await Store.VerifyAsync(everything: true, null, CancellationToken);
        Assert.Equal(ExtensionOutcome.Closed, await OutcomeAsync(new("hundred", 200, Key: "k")));
    }

    [Fact] // 12
    public async Task What_is_stored_of_a_segment_is_removed_after_a_restart_of_a_closed_pool()
    {
        await CreateAsync(Hundred);
        await Store.ExtendAsync(new("hundred", 1_000_000), SecondSeed, CancellationToken);
        using var canceled = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SeedAsync(
            "hundred", new SynchronousProgress(count => Cancel(count)), canceled.Token).AsTask());
        var closed = await Store.CloseAsync("hundred", CancellationToken);
        Assert.NotNull(closed!.Pending);
        Assert.Null(closed.Pending.Seed);
        await ReopenAsync();
        Assert.Empty((await Store.SeedAsync("hundred", null, CancellationToken))!.Extensions);
        await ReopenAsync();
        Assert.Empty((await FindAsync("hundred")).Extensions);

        void Cancel(long count)
        {
            if (count > 300_000)
                canceled.Cancel();
        }
    }

    [Fact] // 13
    public async Task The_seed_of_a_segment_is_revealed_when_it_ends()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 99));
        await ExtendAsync("hundred", 200, SecondSeed);
        await AssertSeedsAsync(null, null);
        await DrawAsync(new DrawRequest("hundred"));
        await AssertSeedsAsync(Seeds.Counting, null);
        await DrawAsync(new DrawRequest("hundred", 100));
        await AssertSeedsAsync(Seeds.Counting, SecondSeed);
        Assert.Equal(PoolState.Exhausted, (await FindAsync("hundred")).State);
        await ExtendAsync("hundred", 210, ThirdSeed);
        Assert.Equal(PoolState.Open, (await FindAsync("hundred")).State);
        await AssertSeedsAsync(Seeds.Counting, SecondSeed, null);
        await ReopenAsync();
        await AssertSeedsAsync(Seeds.Counting, SecondSeed, null);
        await Store.CloseAsync("hundred", CancellationToken);
        await AssertSeedsAsync(Seeds.Counting, SecondSeed, ThirdSeed);

        async Task AssertSeedsAsync(params Seed?[] seeds)
        {
            var pool = await FindAsync("hundred");
            Assert.Equal(seeds, pool.Segments.Select(segment => segment.Seed));
            Assert.Equal(seeds[0], pool.Seed);
            Assert.Equal(pool, Assert.Single(await Store.ListAsync(null, 10, CancellationToken)));
        }
    }

    private static long[] OrderOf(PoolRange range, Seed seed, PoolOrder order = PoolOrder.Stored)
    {
        var numbers = new long[range.Size];
        if (order == PoolOrder.Computed)
        {
            using var computed = new ComputedNumbers(range, seed);
            computed.CopyNumbers(0, numbers);
            return numbers;
        }

        using var permutation = Permutation.Shuffle(seed, range.Size, CancellationToken);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = range.NumberAt(permutation.Offsets[i]);
        return numbers;
    }

    private async Task ExtendAsync(string name, long maximum, Seed seed)
    {
        var (outcome, _, _) = await Store.ExtendAsync(new(name, maximum), seed, CancellationToken);
        Assert.Equal(ExtensionOutcome.Recorded, outcome);
        Assert.NotNull(await Store.SeedAsync(name, null, CancellationToken));
    }

    private async Task<ExtensionOutcome> OutcomeAsync(ExtensionRequest request) =>
        (await Store.ExtendAsync(request, SecondSeed, CancellationToken)).Outcome;
}
