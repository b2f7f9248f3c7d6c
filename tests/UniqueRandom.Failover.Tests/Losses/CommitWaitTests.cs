using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>
/// An administrator ends the wait of a commit for a lost standby. PostgreSQL then reports success with a warning.
/// </summary>
public sealed class CommitWaitTests(FailoverStage stage, ITestOutputHelper output) : FailoverTestBase(stage, output)
{
    [Theory]
    [InlineData("pg_cancel_backend")]
    [InlineData("pg_terminate_backend")]
    public async Task A_commit_whose_wait_was_ended_is_in_doubt_and_a_failover_may_return_its_number(string function)
    {
        await StartNodesAsync(false, false);
        using (var client = new FailoverClient([.. Nodes.Select(node => node.Address)]))
        {
            Assert.NotNull(await client.DrawAsync(0));
            await Pair.Standby.KillAsync();
            var draw = client.DrawAsync(0);
            await Eventually.TrueAsync(
                async () => await Pair.Primary.ScalarAsync<long>(SyncRep.Count) > 0, "the commit waits for the standby");
            Assert.Equal(1L, await Pair.Primary.ScalarAsync<long>(SyncRep.Each(function)));
            Assert.Null(await draw);
            Assert.Equal(FailoverClient.InDoubt, Assert.Single(client.Failures).Key);
        }

        await Pair.Primary.KillAsync();
        await Pair.Standby.StartAsync();
        await Pair.PromoteAsync();
        using var round = await BeginRoundAsync($"{function} of a commit that waits for the standby");
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }

    [Theory]
    [InlineData("pg_cancel_backend")]
    [InlineData("pg_terminate_backend")]
    public async Task Under_load_no_commit_whose_wait_was_ended_is_acknowledged(string function)
    {
        await StartNodesAsync(false, false);
        using var round = await BeginRoundAsync($"{function} of commits that wait for the standby, under load");
        await Pair.Standby.KillAsync();
        for (long ended = 0; ended < 5;)
            ended += await Pair.Primary.ScalarAsync<long>(SyncRep.Each(function));
        await Pair.Primary.KillAsync();
        await Pair.Standby.StartAsync();
        await Pair.PromoteAsync();
        await round.ResumesAsync("the promotion");
        await Pair.RejoinAsync();
        await round.DrawAsync();
        await round.FinishAsync();
    }
}
