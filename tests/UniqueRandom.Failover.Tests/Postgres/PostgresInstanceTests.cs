using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Postgres;

/// <summary>Checks the faults that the tests cause in a server.</summary>
public sealed class PostgresInstanceTests
{
    [Fact]
    public async Task A_server_that_was_frozen_and_killed_keeps_its_commits()
    {
        await using var instance = await PostgresInstance.CreateAsync();
        await instance.ExecuteAsync("CREATE TABLE t (i integer)");
        await instance.SetAsync("work_mem", "2MB");
        Assert.Equal("2MB", await instance.ScalarAsync<string>("SHOW work_mem"));

        await instance.FreezeAsync();
        var insert = instance.ExecuteAsync("INSERT INTO t VALUES (1)");
        await Assert.ThrowsAsync<TimeoutException>(() => insert.WaitAsync(TimeSpan.FromMilliseconds(200)));
        await instance.ThawAsync();
        await insert;

        await instance.KillAsync();
        await Assert.ThrowsAsync<Npgsql.NpgsqlException>(() => instance.ExecuteAsync("SELECT 1"));
        await instance.StartAsync();
        Assert.Equal(1L, await instance.ScalarAsync<long>("SELECT count(*) FROM t"));

        await instance.StopAsync("immediate");
        await Assert.ThrowsAsync<Npgsql.NpgsqlException>(() => instance.ExecuteAsync("SELECT 1"));
    }
}
