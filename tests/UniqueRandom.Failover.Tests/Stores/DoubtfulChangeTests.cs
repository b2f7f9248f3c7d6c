using UniqueRandom.Draws;
using UniqueRandom.Failover.Tests.Losses;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Stores;

/// <summary>
/// Extensions and imports whose commit was not confirmed, because the standby was gone: they may be undone by a failover, so
/// nobody is told that they were recorded, and whoever repeats them gets what lasts.
/// </summary>
[Collection(nameof(FailoverRounds))]
public sealed class DoubtfulChangeTests
{
    private const long Larger = 2_001_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_extension_in_doubt_is_repeated(bool failsOver)
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = await OpenAsync(pair);
        await node.CreateAsync("p");
        Assert.Equal(DrawOutcomeKind.Drawn, (await node.DrawAsync("p", 990)).Kind);
        await LeaveInDoubtAsync(pair, async () => await node.ExtendAsync("p", Larger));
        await EndDoubtAsync(pair, failsOver);

        var (outcome, pool, _) = await RetryAsync(async () => await node.ExtendAsync("p", Larger));
        Assert.Equal(failsOver ? ExtensionOutcome.Recorded : ExtensionOutcome.Replayed, outcome);
        Assert.Equal(Larger, pool!.Definition.Range.Maximum);
        var drawn = await node.DrawAsync("p", 1000);
        Assert.Equal((DrawOutcomeKind.Drawn, 990), (drawn.Kind, drawn.Position));
        Assert.Equal(1000, drawn.Numbers.ToArray().Distinct().Count());
        Assert.Equal(10, drawn.Numbers.ToArray().Count(number => number <= 1000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_import_in_doubt_is_repeated(bool failsOver)
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = await OpenAsync(pair);
        await LeaveInDoubtAsync(pair, () => node.ImportAsync("p", 7, 500, 3));
        await EndDoubtAsync(pair, failsOver);

        var (pool, isNew) = await RetryAsync(() => node.ImportAsync("p", 3, 7, 500));
        // Otherwise what was recorded of it, which did not get to its numbers, is removed.
        Assert.True(isNew);
        Assert.Equal(3, pool.Imported!.Count);
        await Eventually.TrueAsync(async () => await node.SeedAsync("p") is not null, "the pool is seeded");
        var drawn = await node.DrawAsync("p", 997);
        Assert.Equal((DrawOutcomeKind.Drawn, 3), (drawn.Kind, drawn.Position));
        Assert.Empty(drawn.Numbers.ToArray().Intersect([3, 7, 500]));
    }

    private static Task<StoreNode> OpenAsync(PostgresPair pair) => StoreNode.OpenAsync([pair.Primary.Port, pair.Standby.Port]);

    /// <summary>Makes a change that is recorded on the primary, and ends its wait for the standby, which is gone.</summary>
    private static async Task LeaveInDoubtAsync(PostgresPair pair, Func<Task> change)
    {
        await pair.Standby.KillAsync();
        var failing = Assert.ThrowsAsync<StoreException>(change);
        await Eventually.TrueAsync(
            async () => await pair.Primary.ScalarAsync<long>(SyncRep.Count) > 0, "the commit waits for the standby");
        Assert.Equal(1L, await pair.Primary.ScalarAsync<long>(SyncRep.Each("pg_cancel_backend")));
        Assert.Equal(StoreFault.InDoubt, (await failing).Fault);
    }

    /// <summary>The change is lost with the primary, or the standby gets it.</summary>
    private static async Task EndDoubtAsync(PostgresPair pair, bool failsOver)
    {
        if (!failsOver)
        {
            await pair.RejoinAsync();
            return;
        }

        await pair.Primary.KillAsync();
        await pair.Standby.StartAsync();
        await pair.PromoteAsync();
        await pair.RejoinAsync();
    }

    /// <summary>Repeats a change until the node has found its primary.</summary>
    private static async Task<T> RetryAsync<T>(Func<Task<T>> change)
    {
        (bool IsDone, T? Result) done = default;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    done = (true, await change());
                }
                catch (StoreException error) when (error.Fault == StoreFault.Unavailable)
                {
                    // Not connected yet.
                }

                return done.IsDone;
            },
            "the change is recorded");
        return done.Result!;
    }
}
