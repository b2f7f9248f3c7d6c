using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>
/// Two servers that both believe to be the primary: what the older one would hand out, the newer one hands out as well.
/// </summary>
public sealed class SplitBrainTests(FailoverStage stage, ITestOutputHelper output) : FailoverTest(stage, output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_old_primary_that_comes_back_as_one_is_not_drawn_from_not_even_by_a_new_node(bool commitsAlone)
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync($"the old primary came back as one{(commitsAlone ? " and commits alone" : "")}");
        await Pair.FailOverAsync();
        await Pair.ReviveAsync(commitsAlone);
        await round.GoesOnAsync("the promotion");
        var before = await CursorAsync(Pair.Standby);
        await round.DrawAsync();

        await Nodes[1].KillAsync();
        await Nodes[1].RestartAsync();
        await round.GoesOnAsync("a restart beside two primaries");
        await round.DrawAsync();
        Assert.Equal(before, await CursorAsync(Pair.Standby));

        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    /// <summary>Whoever has waited for the frozen one in vain has looked for another, or is waiting still.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_primary_that_was_frozen_while_its_standby_was_promoted_is_left_by_the_nodes(bool isThawedAtOnce)
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync($"the primary was frozen, and thawed {(isThawedAtOnce ? "at once" : "later")}");
        await Pair.Primary.FreezeAsync();
        await Pair.PromoteAsync();
        if (isThawedAtOnce)
            await Pair.Standby.ThawAsync();
        await round.GoesOnAsync("the promotion");
        if (!isThawedAtOnce)
            await Pair.Standby.ThawAsync();
        await round.DrawAsync();

        // A commit that is waiting there for the standby returns now, and nobody may believe it.
        await Pair.Standby.SetAsync("synchronous_standby_names", "");
        await round.DrawAsync();
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    [Fact]
    public async Task Where_a_standby_is_required_a_primary_without_one_is_left_for_the_one_that_has_it()
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
        await round.GoesOnAsync("the new primary had a standby");
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    private static Task<long> CursorAsync(PostgresInstance server) =>
        server.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool");
}
