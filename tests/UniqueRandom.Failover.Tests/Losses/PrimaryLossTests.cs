using System.Diagnostics;
using UniqueRandom.Failover.Tests.Rounds;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>Kills the primary under load, promotes the standby, and repeats this in reverse.</summary>
public sealed class PrimaryLossTests(FailoverStage stage, ITestOutputHelper output) : FailoverTestBase(stage, output)
{
    [Fact]
    public async Task Draws_resume_on_the_promoted_standby_and_no_acknowledged_draw_is_lost()
    {
        await StartNodesAsync(false, false);
        for (var kill = 1; kill <= 4; kill++)
        {
            using var round = await BeginRoundAsync($"kill -9 of the primary, {kill}");
            await Pair.FailOverAsync();
            await round.ResumesAsync("the promotion");
            await Pair.RejoinAsync();
            await round.DrawAsync();
            await round.FinishAsync();
        }
    }

    [Fact]
    public async Task If_a_standby_is_required_draws_resume_when_the_old_primary_has_become_a_standby()
    {
        await StartNodesAsync(true, true);
        for (var kill = 1; kill <= 2; kill++)
        {
            using var round = await BeginRoundAsync($"kill -9 of the primary, standby required, {kill}");
            await Pair.FailOverAsync();
            var alone = Stopwatch.GetTimestamp();
            await round.ReadyAsync(0, isReady: false);
            await round.ReadyAsync(1, isReady: false);
            var rejoins = Stopwatch.GetTimestamp();
            Assert.Equal((0, 0), (round.Load.AnsweredBetween(0, alone, rejoins), round.Load.AnsweredBetween(1, alone, rejoins)));
            await Pair.RejoinAsync();
            await round.ResumesAsync("the standby was back");
            await round.DrawAsync();
            await round.FinishAsync();
        }
    }
}
