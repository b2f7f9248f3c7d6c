using UniqueRandom.Draws;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Stores;

[Collection(nameof(FailoverRounds))]
public sealed class SwitchoverTests
{
    private const string Connections = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'UniqueRandom'";

    /// <summary>The demoted primary accepts connections, so no broken connection shows the switchover.</summary>
    [Fact]
    public async Task A_node_without_connections_draws_from_the_new_primary_after_a_switchover()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = await OpenIdleAsync(pair);
        await pair.SwitchOverAsync();
        Assert.Equal(DrawOutcomeKind.Drawn, (await node.DrawWithRetriesAsync("p")).Kind);
        Assert.Equal(1, (await node.FindAsync("p"))!.Cursor);
    }

    /// <summary>Data from a standby may be stale and must not be returned as current.</summary>
    [Fact]
    public async Task A_node_without_connections_does_not_read_from_a_demoted_primary()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = await OpenIdleAsync(pair);
        await pair.SwitchOverAsync();
        await using var other = await StoreNode.OpenAsync([pair.Primary.Port]);
        await pair.Standby.ExecuteAsync("SELECT pg_wal_replay_pause()");
        await pair.Primary.SetAsync("synchronous_standby_names", "");
        await other.DrawAsync("p", 7);
        await Assert.ThrowsAsync<StoreException>(() => node.FindAsync("p").AsTask());
        Assert.Equal(7, (await node.FindAsync("p"))!.Cursor);
    }

    /// <summary>Opens a node that knows the primary and has no open connection.</summary>
    private static async Task<StoreNode> OpenIdleAsync(PostgresPair pair)
    {
        var node = await StoreNode.OpenAsync(
            [pair.Primary.Port, pair.Standby.Port], "Connection Idle Lifetime=1;Connection Pruning Interval=1");
        await node.CreateAsync("p");
        await Eventually.TrueAsync(
            async () => await pair.Primary.ScalarAsync<long>(Connections) == 0, "the idle connections are closed");
        return node;
    }
}
