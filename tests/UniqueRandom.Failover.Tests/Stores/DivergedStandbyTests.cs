using Npgsql.Replication;
using NpgsqlTypes;
using UniqueRandom.Draws;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Stores;

[Collection(nameof(FailoverRounds))]
public sealed class DivergedStandbyTests
{
    /// <summary>
    /// So does a replaced primary for a moment, when it comes back and has committed what the new primary lacks. PostgreSQL then
    /// releases commits that no standby has.
    /// </summary>
    [Fact]
    public async Task A_standby_that_reports_a_position_the_primary_has_not_reached_confirms_no_draw()
    {
        await using var pair = await PostgresPair.CreateAsync();
        int[] ports = [pair.Primary.Port];
        await using var node = await StoreNode.OpenAsync(ports, requiresStandby: true);
        await node.CreateAsync("p");
        await node.DrawAsync("p");
        await pair.Standby.KillAsync();
        await using (var diverged = await ReplicateAsync(pair))
        {
            Assert.Equal(1L, await pair.Primary.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"));
            await pair.Primary.ExecuteAsync("CREATE TABLE released ()");
            await node.AssertRefusesAsync("p", "a synchronous standby is required and none is connected");
        }

        await pair.RejoinAsync();
        Assert.Equal((1, DrawOutcomeKind.Drawn), await DrawAsync(node));
    }

    private static async Task<(long Position, DrawOutcomeKind Kind)> DrawAsync(StoreNode node)
    {
        var drawn = await node.DrawWithRetriesAsync("p");
        return (drawn.Position, drawn.Kind);
    }

    /// <summary>Streams from the primary under the name of the standby, and reports a position far ahead.</summary>
    private static async Task<PhysicalReplicationConnection> ReplicateAsync(PostgresPair pair)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var connection = new PhysicalReplicationConnection(
            $"{pair.Primary.ConnectionString()};Application Name={pair.Standby.Name}");
        await connection.Open(cancellationToken);
        var position = await pair.Primary.ScalarAsync<NpgsqlLogSequenceNumber>("SELECT pg_current_wal_flush_lsn()");
        var received = connection.StartReplication(position, cancellationToken).GetAsyncEnumerator(cancellationToken);
        // Npgsql can't report a position before it has received something.
        var first = received.MoveNextAsync();
        await pair.Primary.ExecuteAsync("SELECT pg_switch_wal()");
        Assert.True(await first);
        _ = received.MoveNextAsync().AsTask();
        var ahead = new NpgsqlLogSequenceNumber(ulong.MaxValue >> 1);
        await Eventually.TrueAsync(
            async () =>
            {
                connection.SetReplicationStatus(ahead);
                await connection.SendStatusUpdate(cancellationToken);
                return await pair.Primary.ScalarAsync<bool>(
                    "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn > '0/F0000000'");
            },
            "the standby has reported its position");
        return connection;
    }
}
