using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>How a pool ends, and what is secret until then.</summary>
public abstract partial class PoolStoreContract
{
    [Fact] // 12, 13
    public async Task A_closed_pool_reveals_its_seed_and_is_not_drawn_from_for_ever()
    {
        await CreateAsync(Hundred);
        await CreateAsync(new PoolDefinition("ten", new PoolRange(1, 10)));
        await DrawAsync(new DrawRequest("hundred", 30));
        Time.Advance(TimeSpan.FromMilliseconds(1234));

        var closed = await Store.CloseAsync("hundred", Cancellation);
        Assert.Equal((PoolState.Closed, 30, 70), (closed!.State, closed.Cursor, closed.Remaining));
        Assert.Equal(Time.GetUtcNow(), closed.ClosedAt);
        Assert.Equal(Seeds.Counting, closed.Seed);
        await AssertStaysAsync();
        await ReopenAsync(Hundred);
        await AssertStaysAsync();

        async Task AssertStaysAsync()
        {
            Assert.Equal(closed, await FindAsync("hundred"));
            var outcomes = await CommitAsync([new("hundred"), new("ten"), new("hundred", 2, Key: "k")]);
            Assert.Equal(
                [DrawOutcomeKind.PoolClosed, DrawOutcomeKind.Drawn, DrawOutcomeKind.PoolClosed],
                outcomes.Select(outcome => outcome.Kind));
            Assert.Equal(Hundred, outcomes[0].Pool);
            Assert.Equal(closed, await FindAsync("hundred"));
        }
    }

    [Fact]
    public async Task A_pool_is_closed_once_and_stays_as_it_was_closed()
    {
        await CreateAsync(Hundred);
        var closed = await Store.CloseAsync("hundred", Cancellation);
        Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(closed, await Store.CloseAsync("hundred", Cancellation));
        await ReopenAsync();
        Assert.Equal(closed, await Store.CloseAsync("hundred", Cancellation));
    }

    [Fact]
    public async Task A_pool_that_is_not_there_can_not_be_closed() => Assert.Null(await Store.CloseAsync("none", Cancellation));

    [Fact] // 3
    public async Task The_name_of_a_closed_pool_stays_taken()
    {
        await CreateAsync(Hundred);
        await Store.CloseAsync("hundred", Cancellation);
        Assert.False((await Store.CreateAsync(Hundred, Seeds.Zero, Cancellation)).IsNew);
        Assert.Null(await Store.SeedAsync("hundred", null, Cancellation));
    }

    [Fact] // 13
    public async Task An_exhausted_pool_reveals_its_seed_with_its_last_number_and_not_before()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 99));
        var open = await FindAsync("hundred");
        Assert.Equal((PoolState.Open, null, null), (open.State, open.Seed, open.ClosedAt));

        await DrawAsync(new DrawRequest("hundred"));
        var exhausted = await FindAsync("hundred");
        Assert.Equal((PoolState.Exhausted, Seeds.Counting, null), (exhausted.State, exhausted.Seed, exhausted.ClosedAt));
        Assert.Equal(exhausted, Assert.Single(await Store.ListAllAsync(Cancellation).ToListAsync(Cancellation)));
        await ReopenAsync(Hundred);
        Assert.Equal(exhausted, await FindAsync("hundred"));
    }

    [Fact]
    public async Task An_exhausted_pool_can_be_closed()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 100));
        Assert.Equal(
            (PoolState.Closed, 0),
            ((await Store.CloseAsync("hundred", Cancellation))!.State, (await FindAsync("hundred")).Remaining));
        Assert.Equal(DrawOutcomeKind.PoolClosed, (await DrawAsync(new DrawRequest("hundred"))).Kind);
    }

    [Fact] // 13
    public async Task What_is_not_drawn_stays_secret_even_when_the_pool_is_closed()
    {
        await CreateAsync(Hundred);
        var drawn = (await DrawAsync(new DrawRequest("hundred", 40))).Numbers.ToArray();
        await AssertSecretAsync();
        await Store.CloseAsync("hundred", Cancellation);
        await AssertSecretAsync();

        async Task AssertSecretAsync()
        {
            await Store.ReadNumbersAsync("hundred", 0, new long[40], Cancellation);
            await Store.ReadNumbersAsync("hundred", 40, Memory<long>.Empty, Cancellation);
            foreach (var (position, count) in new[] { (40, 1), (39, 2), (0, 41), (99, 1), (0, 101), (int.MaxValue, 1), (-1, 1) })
            {
                var numbers = new long[count];
                await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                    () => Store.ReadNumbersAsync("hundred", position, numbers, Cancellation).AsTask());
                Assert.All(numbers, number => Assert.Equal(0, number));
            }

            for (var number = 0L; number <= 101; number++)
                Assert.Equal(
                    Array.IndexOf(drawn, number) is >= 0 and var at ? at : null,
                    await Store.FindPositionAsync("hundred", number, Cancellation));
        }
    }
}
