using UniqueRandom.Failover.Tests.Rounds;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>One of the two nodes is lost in the middle of what it does.</summary>
public sealed class NodeLossTests(FailoverStage stage, ITestOutputHelper output) : FailoverTest(stage, output)
{
    [Fact]
    public async Task A_node_that_is_killed_and_started_again_leaves_the_other_one_undisturbed()
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync("kill -9 of a node, three times");
        for (var kill = 0; kill < 3; kill++)
        {
            await Nodes[kill % 2].KillAsync();
            await round.GoesOnAsync("the kill", 1 - kill % 2);
            await Nodes[kill % 2].RestartAsync();
            await round.GoesOnAsync("its start");
            await round.DrawAsync();
        }

        await round.FinishAsync();
    }

    /// <summary>It may hold the lock of the pool, of which PostgreSQL relieves it.</summary>
    [Fact]
    public async Task A_node_that_is_frozen_holds_up_the_other_one_for_seconds_only_and_goes_on_when_it_is_thawed()
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync("a node was frozen for 6 s");
        await Nodes[0].FreezeAsync();
        while (!await round.IsHeldUpAsync(1))
        {
            await Nodes[0].ThawAsync();
            await round.Load.AnsweredAsync(0, more: 1);
            await Nodes[0].FreezeAsync();
        }

        var time = Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        await round.GoesOnAsync("the other one was frozen in a transaction", 1);
        await time;
        await round.Load.AnsweredAsync(1, more: 100);
        await Nodes[0].ThawAsync();
        await round.GoesOnAsync("the thaw");
        await round.DrawAsync();
        await round.FinishAsync();
    }
}
