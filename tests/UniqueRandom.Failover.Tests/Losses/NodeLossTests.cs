using UniqueRandom.Failover.Tests.Rounds;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>One of the two nodes is lost during draws.</summary>
public sealed class NodeLossTests(FailoverStage stage, ITestOutputHelper output) : FailoverTestBase(stage, output)
{
    [Fact]
    public async Task A_node_that_is_killed_and_restarted_does_not_disturb_the_other_one()
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync("kill -9 of a node, three times");
        for (var kill = 0; kill < 3; kill++)
        {
            await Nodes[kill % 2].KillAsync();
            await round.ResumesAsync("the kill", 1 - kill % 2);
            await Nodes[kill % 2].RestartAsync();
            await round.ResumesAsync("its start");
            await round.DrawAsync();
        }

        await round.FinishAsync();
    }

    /// <summary>The frozen node may hold the lock of the pool until PostgreSQL ends its transaction.</summary>
    [Fact]
    public async Task A_frozen_node_blocks_the_other_one_for_seconds_only_and_resumes_when_it_is_thawed()
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync("a node was frozen for 6 s");
        await Nodes[0].FreezeAsync();
        while (!await round.IsBlockedAsync(1))
        {
            await Nodes[0].ThawAsync();
            await round.Load.WaitForAnswersAsync(0, more: 1);
            await Nodes[0].FreezeAsync();
        }

        var time = Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        await round.ResumesAsync("the other one was frozen in a transaction", 1);
        await time;
        await round.Load.WaitForAnswersAsync(1, more: 100);
        await Nodes[0].ThawAsync();
        await round.ResumesAsync("the thaw");
        await round.DrawAsync();
        await round.FinishAsync();
    }
}
