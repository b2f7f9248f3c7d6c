using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Pools with computed orders.</summary>
public abstract partial class PoolStoreContract
{
    private static readonly PoolDefinition MillionComputed = new("million", new PoolRange(-7, 999_992), PoolOrder.Computed);
    private static readonly PoolDefinition LargestComputed = new("largest", new PoolRange(long.MinValue, -2), PoolOrder.Computed);

    [Fact] // 2
    public async Task A_pool_with_a_computed_order_is_open_at_once()
    {
        var (pool, isNew) = await Store.CreateAsync(LargestComputed, Seeds.Counting, CancellationToken);
        Assert.True(isNew);
        Assert.Equal((PoolState.Open, 0, long.MaxValue, long.MaxValue), (pool.State, pool.Cursor, pool.Remaining, pool.Seeded));
        Assert.Equal(Commitment.To(Seeds.Counting, LargestComputed.Range, PoolOrder.Computed), pool.Commitment);
        Assert.Null(await Store.SeedAsync("largest", null, CancellationToken));
        await ReopenAsync();
        Assert.Equal(pool, await FindAsync("largest"));
    }

    [Fact] // 3
    public async Task A_computed_and_a_stored_order_are_different_pools()
    {
        var (created, _) = await Store.CreateAsync(MillionComputed, Seeds.Counting, CancellationToken);
        var stored = MillionComputed with { Order = PoolOrder.Stored };
        Assert.Equal(new PoolCreation(created, IsNew: false), await Store.CreateAsync(stored, Seeds.Zero, CancellationToken));
        Assert.NotEqual(stored, created.Definition);
    }

    [Theory] // 7
    [InlineData(1, 1, 1, 3)]
    [InlineData(700, 1, 10_000, 1)]
    public async Task A_computed_order_is_drawn_from_like_a_stored_one(params int[] counts)
    {
        foreach (var pool in (PoolDefinition[])[MillionComputed, LargestComputed])
        {
            await Store.CreateAsync(pool, Seeds.Counting, CancellationToken);
            var drawn = new List<long>();
            foreach (var count in counts)
                drawn.AddRange(
                    (await DrawAsync(new DrawRequest(pool.Name, count, Key: $"{pool.Name} {drawn.Count}"))).Numbers.ToArray());
            await ReopenAsync();
            drawn.AddRange((await DrawAsync(new DrawRequest(pool.Name, 5))).Numbers.ToArray());

            var expected = new long[drawn.Count];
            new ComputedNumbers(pool.Range, Seeds.Counting).CopyNumbers(0, expected);
            Assert.Equal(expected, drawn);
            var read = new long[drawn.Count];
            await Store.ReadNumbersAsync(pool.Name, 0, read, CancellationToken);
            Assert.Equal(expected, read);
            await Store.SampleAsync(pool.Name, new long[] { 0, 1, drawn.Count - 1 }, read, CancellationToken);
            Assert.Equal([expected[0], expected[1], expected[^1]], read[..3]);
            Assert.Equal(drawn.Count - 1, await Store.FindPositionAsync(pool.Name, drawn[^1], CancellationToken));
            var replay = await CommitAsync([new DrawRequest(pool.Name, counts[0], Key: $"{pool.Name} 0")]);
            Assert.Equal(expected[..counts[0]], replay[0].Numbers.ToArray());
            Assert.True(replay[0].IsReplayed);
        }
    }

    [Fact]
    public async Task Numbers_of_a_computed_order_that_are_not_drawn_are_not_found()
    {
        await Store.CreateAsync(MillionComputed, Seeds.Counting, CancellationToken);
        var numbers = new long[20];
        new ComputedNumbers(MillionComputed.Range, Seeds.Counting).CopyNumbers(0, numbers);
        await DrawAsync(new DrawRequest("million", 10));
        for (var position = 0; position < 20; position++)
        {
            Assert.Equal(
                position < 10 ? position : null,
                await Store.FindPositionAsync("million", numbers[position], CancellationToken));
        }

        Assert.Null(await Store.FindPositionAsync("million", -8, CancellationToken));
        Assert.Null(await Store.FindPositionAsync("million", 999_993, CancellationToken));
    }

    [Fact]
    public async Task A_computed_order_is_exhausted_after_each_of_its_numbers()
    {
        await Store.CreateAsync(MillionComputed, Seeds.Counting, CancellationToken);
        var drawn = new HashSet<long>();
        for (var batch = 0; batch < 10; batch++)
        {
            var outcomes = await CommitAsync(
                [.. Enumerable.Range(0, 10).Select(_ => new DrawRequest("million", DrawRequest.MaximumCount))]);
            foreach (var outcome in outcomes)
                drawn.UnionWith(outcome.Numbers.ToArray());
        }

        Assert.Equal(1_000_000, drawn.Count);
        Assert.Equal((MillionComputed.Range.Minimum, MillionComputed.Range.Maximum), (drawn.Min(), drawn.Max()));
        Assert.Equal(DrawOutcomeKind.Exhausted, (await CommitAsync([new("million")]))[0].Kind);
        var ended = await FindAsync("million");
        Assert.Equal((PoolState.Exhausted, Seeds.Counting), (ended!.State, ended.Seed));
    }

    [Fact]
    public async Task The_verification_skips_what_is_not_stored()
    {
        await Store.CreateAsync(LargestComputed, Seeds.Counting, CancellationToken);
        await DrawAsync(new DrawRequest("largest", 100));
        await CreateAsync(Hundred);
        var verified = 0L;
        await Store.VerifyAsync(everything: true, new SynchronousProgress(count => verified = count), CancellationToken);
        Assert.Equal(Hundred.Range.Size, verified);
        await Store.VerifyAsync(everything: false, null, CancellationToken);
    }
}
