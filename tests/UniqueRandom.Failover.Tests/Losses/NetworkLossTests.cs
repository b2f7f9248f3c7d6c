using Npgsql;
using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>The network between nodes and servers fails.</summary>
public sealed class NetworkLossTests(FailoverStage stage, ITestOutputHelper output) : FailoverTestBase(stage, output)
{
    /// <summary>
    /// Whether the commit of a batch waits for the standby and records draws; null if none waits. Readiness checks wait too, but
    /// only a batch reads the draw log, and only one with more than replays writes it.
    /// </summary>
    private const string RecordsDraws = """
        SELECT bool_or(l.mode = 'RowExclusiveLock') FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
        WHERE a.wait_event = 'SyncRep' AND l.relation = to_regclass('uniquerandom.draw')
        """;

    [Theory]
    [InlineData("cut")]
    [InlineData("frozen")]
    [InlineData("frozen for answers")]
    public async Task A_disconnected_node_resumes_when_it_is_reconnected_and_the_other_node_resumes_before(string failure)
    {
        TcpProxy[] network = [.. Ports.Select(port => new TcpProxy(port))];
        using var first = network[0];
        using var second = network[1];
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        await StartNodeAsync(Ports);
        using var round = await BeginRoundAsync($"the network of a node was {failure}");
        await FailAsync(round, network, failure);
        await round.ResumesAsync("the loss", 1);
        await round.ReadyAsync(0, isReady: false);
        foreach (var proxy in network)
            proxy.Restore();
        await round.ResumesAsync("the repair", 0);
        await round.DrawAsync();
        await round.FinishAsync();
    }

    /// <summary>The commit is on the standby but was not answered. A retry with the key resolves it.</summary>
    [Fact]
    public async Task A_commit_that_was_not_answered_before_a_failover_is_resolved_after_it()
    {
        TcpProxy[] network = [.. Ports.Select(port => new TcpProxy(port))];
        using var first = network[0];
        using var second = network[1];
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        using var round = await BeginRoundAsync("the answer of a commit was lost, then kill -9 of the primary");
        await FreezeStandbyAsync();
        foreach (var proxy in network)
            proxy.FreezeAnswers();
        await Pair.Standby.ThawAsync();
        await Eventually.TrueAsync(
            async () => await Pair.Primary.ScalarAsync<long>(SyncRep.Count) == 0, "the commit is on the standby");
        await Pair.FailOverAsync();
        foreach (var proxy in network)
        {
            proxy.Cut();
            proxy.Restore();
        }

        await round.ResumesAsync("the promotion");
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
        Assert.True(
            round.Load.Resolved + round.Load.Failures.GetValueOrDefault(FailoverClient.InDoubt) > 0, "No answer was lost.");
    }

    /// <summary>
    /// The first draw of a node reads the permutation within its transaction. A lock delays this read until the server
    /// is lost.
    /// </summary>
    [Fact]
    public async Task A_node_that_loses_its_primary_while_it_reads_the_permutation_resumes_in_time()
    {
        TcpProxy[] network = [.. Ports.Select(port => new TcpProxy(port))];
        using var first = network[0];
        using var second = network[1];
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        await using var locking = new NpgsqlConnection(Pair.Primary.ConnectionString() + ";Pooling=false");
        await locking.OpenAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("BEGIN; LOCK TABLE uniquerandom.chunk", locking))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var round = StartRound("the primary was lost while the permutation was read");
        await Eventually.TrueAsync(
            async () =>
                await Pair.Primary.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%chunk%'") > 0,
            "the node reads the permutation");
        network[Ports[0] == Pair.Primary.Port ? 0 : 1].Freeze();
        await Pair.FailOverAsync();
        await round.ResumesAsync("the promotion");
        await Pair.RejoinAsync();
        foreach (var proxy in network)
            proxy.Restore();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    /// <summary>
    /// Freezes the standby while a commit of draws waits for it. A batch of replays that waits blocks all draws, so the standby
    /// has to confirm it first.
    /// </summary>
    private async Task FreezeStandbyAsync()
    {
        await Pair.Standby.FreezeAsync();
        while (!await RecordsDrawsAsync())
        {
            await Pair.Standby.ThawAsync();
            await Pair.Standby.FreezeAsync();
        }
    }

    /// <summary>Waits until the commit of a batch waits for the standby, and returns whether it records draws.</summary>
    private async Task<bool> RecordsDrawsAsync()
    {
        bool? recordsDraws = null;
        await Eventually.TrueAsync(
            async () => (recordsDraws = await Pair.Primary.ScalarAsync<bool?>(RecordsDraws)) is not null,
            "the commit of a batch waits for the standby");
        return recordsDraws is true;
    }

    /// <summary>
    /// Fails the network while the node blocks the other one, unless the connections are cut, which ends its transaction.
    /// </summary>
    private static async Task FailAsync(FailoverRound round, TcpProxy[] network, string failure)
    {
        do
        {
            foreach (var proxy in network)
                proxy.Restore();
            await round.Load.WaitForAnswersAsync(0, more: 1);
            foreach (var proxy in network)
                Fail(proxy, failure);
        }
        while (failure != "cut" && !await round.IsBlockedAsync(1));
    }

    private static void Fail(TcpProxy proxy, string failure)
    {
        if (failure == "cut")
            proxy.Cut();
        else if (failure == "frozen")
            proxy.Freeze();
        else
            proxy.FreezeAnswers();
    }
}
