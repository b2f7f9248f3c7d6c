using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>Closing and exhaustion of pools, and what is secret until then.</summary>
public abstract partial class PoolStoreContract
{
    [Fact] // 12, 13
    public async Task A_closed_pool_reveals_its_seed_and_cannot_be_drawn_from()
    {
        await CreateAsync(Hundred);
        await CreateAsync(new PoolDefinition("ten", new PoolRange(1, 10)));
        await DrawAsync(new DrawRequest("hundred", 30));
        Time.Advance(TimeSpan.FromMilliseconds(1234));

        var closed = await Store.CloseAsync("hundred", CancellationToken);
        Assert.Equal((PoolState.Closed, 30, 70), (closed!.State, closed.Cursor, closed.Remaining));
        Assert.Equal(Time.GetUtcNow(), closed.ClosedAt);
        Assert.Equal(Seeds.Counting, closed.Seed);
        await AssertUnchangedAsync();
        await ReopenAsync(Hundred);
        await AssertUnchangedAsync();

        async Task AssertUnchangedAsync()
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
    public async Task Closing_a_closed_pool_changes_nothing()
    {
        await CreateAsync(Hundred);
        var closed = await Store.CloseAsync("hundred", CancellationToken);
        Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(closed, await Store.CloseAsync("hundred", CancellationToken));
        await ReopenAsync();
        Assert.Equal(closed, await Store.CloseAsync("hundred", CancellationToken));
    }

    [Fact]
    public async Task Closing_a_missing_pool_returns_null() => Assert.Null(await Store.CloseAsync("none", CancellationToken));

    [Fact] // 3
    public async Task The_name_of_a_closed_pool_cannot_be_reused()
    {
        await CreateAsync(Hundred);
        await Store.CloseAsync("hundred", CancellationToken);
        Assert.False((await Store.CreateAsync(Hundred, Seeds.Zero, CancellationToken)).IsNew);
        Assert.Null(await Store.SeedAsync("hundred", null, CancellationToken));
    }

    [Fact] // 13
    public async Task An_exhausted_pool_reveals_its_seed_with_its_last_number_but_not_earlier()
    {
        await CreateAsync(Hundred);
        await DrawAsync(new DrawRequest("hundred", 99));
        var open = await FindAsync("hundred");
        Assert.Equal((PoolState.Open, null, null), (open.State, open.Seed, open.ClosedAt));

        await DrawAsync(new DrawRequest("hundred"));
        var exhausted = await FindAsync("hundred");
        Assert.Equal((PoolState.Exhausted, Seeds.Counting, null), (exhausted.State, exhausted.Seed, exhausted.ClosedAt));
        Assert.Equal(exhausted, Assert.Single(await Store.ListAllAsync(CancellationToken).ToListAsync(CancellationToken)));
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
            ((await Store.CloseAsync("hundred", CancellationToken))!.State, (await FindAsync("hundred")).Remaining));
        Assert.Equal(DrawOutcomeKind.PoolClosed, (await DrawAsync(new DrawRequest("hundred"))).Kind);
    }

    [Fact] // 13
    public async Task Numbers_that_are_not_drawn_stay_secret_after_the_pool_is_closed()
    {
        await CreateAsync(Hundred);
        var drawn = (await DrawAsync(new DrawRequest("hundred", 40))).Numbers.ToArray();
        await AssertSecretAsync();
        await Store.CloseAsync("hundred", CancellationToken);
        await AssertSecretAsync();

        async Task AssertSecretAsync()
        {
            await Store.ReadNumbersAsync("hundred", 0, new long[40], CancellationToken);
            await Store.ReadNumbersAsync("hundred", 40, Memory<long>.Empty, CancellationToken);
            foreach (var (position, count) in new[] { (40, 1), (39, 2), (0, 41), (99, 1), (0, 101), (int.MaxValue, 1), (-1, 1) })
            {
                var numbers = new long[count];
                await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                    () => Store.ReadNumbersAsync("hundred", position, numbers, CancellationToken).AsTask());
                Assert.All(numbers, number => Assert.Equal(0, number));
            }

            for (var number = 0L; number <= 101; number++)
                Assert.Equal(
                    Array.IndexOf(drawn, number) is >= 0 and var at ? at : null,
                    await Store.FindPositionAsync("hundred", number, CancellationToken));
        }
    }
}
