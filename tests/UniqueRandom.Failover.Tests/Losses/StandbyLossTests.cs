using System.Diagnostics;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>
/// Kills the standby under load. Only draws that the standby has are acknowledged.
/// </summary>
public sealed class StandbyLossTests(FailoverStage stage, ITestOutputHelper output) : FailoverTestBase(stage, output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_acknowledged_until_the_standby_is_back(bool requireStandby)
    {
        await StartNodesAsync(requireStandby, requireStandby);
        using var round = await BeginRoundAsync($"kill -9 of the standby{(requireStandby ? ", required" : "")}");
        await Pair.Standby.KillAsync();
        var lost = Stopwatch.GetTimestamp();
        await round.ReadyAsync(0, isReady: false);
        await round.ReadyAsync(1, isReady: false);
        await round.Load.WaitForRefusalsAsync(more: 6);
        var returns = Stopwatch.GetTimestamp();
        await Pair.Standby.StartAsync();
        await round.ResumesAsync("the standby was back");
        Assert.Equal((0, 0), (round.Load.AnsweredBetween(0, lost, returns), round.Load.AnsweredBetween(1, lost, returns)));
        await Pair.UntilSynchronousAsync();
        foreach (var node in (int[])[0, 1])
        {
            await Nodes[node].LineAsync("The store records draws again");
            Assert.True(await round.IsReadyAsync(node), $"Node {node} is not ready.");
        }

        await round.DrawAsync();
        await round.FinishAsync();
    }

    /// <summary>
    /// Commits that wait for the standby are lost with the primary, so they must not be acknowledged.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_standby_that_is_promoted_after_both_were_lost_has_all_acknowledged_draws(bool requireStandby)
    {
        await StartNodesAsync(requireStandby, requireStandby);
        using var round = await BeginRoundAsync(
            $"kill -9 of the standby, then of the primary{(requireStandby ? ", standby required" : "")}");
        await Pair.Standby.KillAsync();
        if (!requireStandby)
            await Eventually.TrueAsync(
                async () => await Pair.Primary.ScalarAsync<long>(SyncRep.Count) > 0, "a commit waits for the standby");
        await Pair.Primary.KillAsync();
        await Pair.Standby.StartAsync();
        await Pair.PromoteAsync();
        if (!requireStandby)
            await round.ResumesAsync("the promotion");
        await Pair.RejoinAsync();
        await round.ResumesAsync("the old primary was a standby");
        await round.DrawAsync();
        await round.FinishAsync();
    }

    [Fact]
    public async Task When_the_primary_commits_alone_only_a_node_that_requires_no_standby_resumes()
    {
        await StartNodesAsync(false, true);
        using var round = await BeginRoundAsync(
            "kill -9 of the standby, then synchronous_standby_names = ''; a node requires it");
        await Pair.Standby.KillAsync();
        var lost = Stopwatch.GetTimestamp();
        await Pair.Primary.SetAsync("synchronous_standby_names", "");
        await round.ResumesAsync("commits no longer waited", 0);
        await round.ReadyAsync(1, isReady: false);
        await round.Load.WaitForAnswersAsync(0, more: 200);
        await round.ReadyAsync(0, isReady: true);
        await round.ReadyAsync(1, isReady: false);
        var returns = Stopwatch.GetTimestamp();
        await Pair.Standby.StartAsync();
        await Pair.SynchronizeAsync();
        await round.ResumesAsync("the standby was back and synchronous", 1);
        Assert.Equal(0, round.Load.AnsweredBetween(1, lost, returns));
        await round.DrawAsync();
        await round.FinishAsync();
    }
}
