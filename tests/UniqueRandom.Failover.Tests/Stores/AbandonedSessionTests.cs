using UniqueRandom.Failover.Tests.Losses;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Stores;

[Collection(nameof(FailoverRounds))]
public sealed class AbandonedSessionTests
{
    private const int Pools = 20;

    private const int MaximumAbandoned = 4;

    /// <summary>
    /// Each batch is on another pool, so that no lock of a pool prevents its commit from waiting for the standby.
    /// </summary>
    [Fact]
    public async Task Without_a_standby_batches_on_many_pools_leave_connections_for_reads_and_for_finding_the_primary()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = await StoreNode.OpenAsync(
            [pair.Primary.Port, pair.Standby.Port], deadline: TimeSpan.FromMilliseconds(500));
        string[] pools = [.. Enumerable.Range(0, Pools).Select(pool => $"p{pool}")];
        await node.CreateAsync(pools);
        await pair.Standby.KillAsync();

        var faults = new List<StoreFault>();
        foreach (var pool in pools)
            faults.Add((await Assert.ThrowsAsync<StoreException>(() => node.DrawAsync(pool))).Fault);

        Assert.Equal(Enumerable.Repeat(StoreFault.InDoubt, MaximumAbandoned), faults[..MaximumAbandoned]);
        Assert.All(faults[MaximumAbandoned..], fault => Assert.Equal(StoreFault.Unavailable, fault));
        Assert.Equal(MaximumAbandoned, await pair.Primary.ScalarAsync<long>(SyncRep.Count));
        Assert.NotNull(await node.FindAsync(pools[0]));
        var check = await Assert.ThrowsAsync<StoreException>(() => node.CheckAsync().AsTask());
        Assert.Contains("has not answered", check.Message, StringComparison.Ordinal);

        await pair.Standby.StartAsync();
        foreach (var pool in pools)
            await node.DrawWithRetriesAsync(pool);
        await node.CheckAsync();
    }

    /// <summary>Takes 45 seconds.</summary>
    [Fact(Explicit = true)]
    public async Task A_node_with_many_abandoned_sessions_draws_from_the_standby_when_it_is_promoted()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = await StoreNode.OpenAsync(
            [pair.Primary.Port, pair.Standby.Port], deadline: TimeSpan.FromMilliseconds(500));
        string[] pools = [.. Enumerable.Range(0, Pools).Select(pool => $"p{pool}")];
        await node.CreateAsync(pools);
        await pair.Standby.FreezeAsync();
        foreach (var pool in pools)
            await Assert.ThrowsAsync<StoreException>(() => node.DrawAsync(pool));

        await pair.Standby.ThawAsync();
        await pair.FailOverAsync();
        foreach (var pool in pools)
            await node.DrawWithRetriesAsync(pool);
    }
}
