using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>
/// Two servers that are both primaries, which would hand out the same numbers.
/// </summary>
public sealed class SplitBrainTests(FailoverStage stage, ITestOutputHelper output) : FailoverTestBase(stage, output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_old_primary_that_returns_as_a_primary_is_never_drawn_from(bool commitsAlone)
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync($"the old primary came back as one{(commitsAlone ? " and commits alone" : "")}");
        await Pair.FailOverAsync();
        await Pair.ReviveAsync(commitsAlone);
        await round.ResumesAsync("the promotion");
        var before = await CursorAsync(Pair.Standby);
        await round.DrawAsync();

        await Nodes[1].KillAsync();
        await Nodes[1].RestartAsync();
        await round.ResumesAsync("a restart beside two primaries");
        await round.DrawAsync();
        Assert.Equal(before, await CursorAsync(Pair.Standby));

        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    /// <summary>Sessions that timed out on the frozen primary have searched for another one. Other sessions still wait.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nodes_leave_a_primary_that_was_frozen_while_its_standby_was_promoted(bool isThawedAtOnce)
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync($"the primary was frozen, and thawed {(isThawedAtOnce ? "at once" : "later")}");
        await Pair.Primary.FreezeAsync();
        await Pair.PromoteAsync();
        if (isThawedAtOnce)
            await Pair.Standby.ThawAsync();
        await round.ResumesAsync("the promotion");
        if (!isThawedAtOnce)
            await Pair.Standby.ThawAsync();
        await round.DrawAsync();

        // A commit that waits there for the standby returns now, and must not be acknowledged.
        await Pair.Standby.SetAsync("synchronous_standby_names", "");
        await round.DrawAsync();
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    [Fact]
    public async Task If_a_standby_is_required_nodes_leave_a_primary_without_one_for_the_primary_with_one()
    {
        await StartNodesAsync(true, true);
        using var round = await BeginRoundAsync("the primary was frozen, and thawed at once, standby required");
        await Pair.Primary.FreezeAsync();
        await Pair.PromoteAsync();
        await Pair.Standby.ThawAsync();
        await Pair.Standby.SetAsync("synchronous_standby_names", "");
        await round.ReadyAsync(0, isReady: false);
        await round.ReadyAsync(1, isReady: false);

        await using var third = await Pair.Primary.CloneAsync("n3");
        await Pair.Primary.SetAsync("synchronous_standby_names", "FIRST 1 (n3)");
        await round.ResumesAsync("the new primary had a standby");
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    private static Task<long> CursorAsync(PostgresInstance server) =>
        server.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool");
}
