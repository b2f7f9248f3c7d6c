using Npgsql;
using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>The network between one node and the servers fails, and the other node has its own.</summary>
public sealed class NetworkLossTests(FailoverStage stage, ITestOutputHelper output) : FailoverTest(stage, output)
{
    /// <summary>A readiness check waits for the standby as well; only a commit of draws has written to the log.</summary>
    private const string DrawsThatWait = """
        SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
        WHERE a.wait_event = 'SyncRep' AND l.relation = to_regclass('uniquerandom.draw') AND l.mode = 'RowExclusiveLock'
        """;

    [Theory]
    [InlineData("cut")]
    [InlineData("frozen")]
    [InlineData("frozen for answers")]
    public async Task A_node_that_is_cut_off_goes_on_when_it_is_not_any_more_and_the_other_one_meanwhile(string how)
    {
        TcpProxy[] network = [.. Ports.Select(port => new TcpProxy(port))];
        using var first = network[0];
        using var second = network[1];
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        await StartNodeAsync(Ports);
        using var round = await BeginRoundAsync($"the network of a node was {how}");
        await FailAsync(round, network, how);
        await round.GoesOnAsync("the loss", 1);
        await round.ReadyAsync(0, isReady: false);
        foreach (var proxy in network)
            proxy.Restore();
        await round.GoesOnAsync("the repair", 0);
        await round.DrawAsync();
        await round.FinishAsync();
    }

    /// <summary>The commit is on the standby, and the node does not know: its key tells.</summary>
    [Fact]
    public async Task What_was_committed_before_a_failover_and_not_answered_is_found_out_after_it()
    {
        TcpProxy[] network = [.. Ports.Select(port => new TcpProxy(port))];
        using var first = network[0];
        using var second = network[1];
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        using var round = await BeginRoundAsync("the answer of a commit was lost, then kill -9 of the primary");
        await Pair.Standby.FreezeAsync();
        await Eventually.TrueAsync(
            async () => await Pair.Primary.ScalarAsync<long>(DrawsThatWait) > 0, "a commit of draws waits for the standby");
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

        await round.GoesOnAsync("the promotion");
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
        Assert.True(
            round.Load.FoundOut + round.Load.Failures.GetValueOrDefault(FailoverClient.InDoubt) > 0, "All answers had arrived.");
    }

    /// <summary>
    /// The first draw of a node reads the permutation in the middle of its transaction; here it is kept from it until the server
    /// is gone.
    /// </summary>
    [Fact]
    public async Task A_node_that_reads_the_permutation_when_its_primary_vanishes_goes_on_as_soon_as_any()
    {
        TcpProxy[] network = [.. Ports.Select(port => new TcpProxy(port))];
        using var first = network[0];
        using var second = network[1];
        await StartNodeAsync(network.Select(proxy => proxy.Port));
        await using var locking = new NpgsqlConnection(Pair.Primary.ConnectionString() + ";Pooling=false");
        await locking.OpenAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("BEGIN; LOCK TABLE uniquerandom.chunk", locking))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var round = LetDraw("the primary vanished while the permutation was read");
        await Eventually.TrueAsync(
            async () =>
                await Pair.Primary.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%chunk%'") > 0,
            "the node reads the permutation");
        network[Ports[0] == Pair.Primary.Port ? 0 : 1].Freeze();
        await Pair.FailOverAsync();
        await round.GoesOnAsync("the promotion");
        await Pair.RejoinAsync();
        foreach (var proxy in network)
            proxy.Restore();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    /// <summary>While the node holds up the other one, if it can: a connection that is cut ends its transaction.</summary>
    private static async Task FailAsync(FailoverRound round, TcpProxy[] network, string how)
    {
        do
        {
            foreach (var proxy in network)
                proxy.Restore();
            await round.Load.AnsweredAsync(0, more: 1);
            foreach (var proxy in network)
                Fail(proxy, how);
        }
        while (how != "cut" && !await round.IsHeldUpAsync(1));
    }

    private static void Fail(TcpProxy proxy, string how)
    {
        if (how == "cut")
            proxy.Cut();
        else if (how == "frozen")
            proxy.Freeze();
        else
            proxy.FreezeAnswers();
    }
}
