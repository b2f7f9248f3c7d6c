using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Postgres;

/// <summary>Checks the properties of a pair that the tests rely on.</summary>
public sealed class PostgresPairTests
{
    [Fact]
    public async Task Commits_survive_a_failover_and_a_failback()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await pair.Primary.ExecuteAsync("CREATE TABLE t (i integer)");
        var first = pair.Primary;
        for (var round = 1; round <= 2; round++)
        {
            Assert.True(await pair.IsSynchronousAsync());
            await pair.Primary.ExecuteAsync($"INSERT INTO t VALUES ({round})");
            await pair.FailOverAsync();
            Assert.Equal(round, await pair.Primary.ScalarAsync<long>("SELECT count(*) FROM t"));
            await pair.RejoinAsync();
        }

        Assert.Same(first, pair.Primary);
        Assert.True(await pair.IsSynchronousAsync());
        Assert.Equal(2L, await pair.Standby.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_commit_waits_for_a_frozen_standby_and_not_on_either_of_two_primaries()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await pair.Primary.ExecuteAsync("CREATE TABLE t (i integer)");
        await pair.Standby.FreezeAsync();
        var insert = pair.Primary.ExecuteAsync("INSERT INTO t VALUES (1)");
        await Assert.ThrowsAsync<TimeoutException>(() => insert.WaitAsync(TimeSpan.FromMilliseconds(300)));
        await pair.Standby.ThawAsync();
        await insert;

        await pair.FailOverAsync();
        await pair.ReviveAsync(commitsAlone: true);
        await pair.Primary.ExecuteAsync("INSERT INTO t VALUES (2)");
        await pair.Standby.ExecuteAsync("INSERT INTO t VALUES (3)");
        Assert.Equal("1,2", await pair.Primary.ScalarAsync<string>("SELECT string_agg(i::text, ',' ORDER BY i) FROM t"));
        Assert.Equal("1,3", await pair.Standby.ScalarAsync<string>("SELECT string_agg(i::text, ',' ORDER BY i) FROM t"));
    }
}
