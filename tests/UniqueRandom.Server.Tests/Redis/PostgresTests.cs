using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The Redis protocol on PostgreSQL, where the thread pool serves the connections instead of event loops.</summary>
public sealed class PostgresTests(PostgresServer postgres)
{
    private const int Size = 5000;

    [Fact]
    public async Task Two_nodes_draw_each_number_once_and_replay_the_draws_of_each_other()
    {
        using var directory = new TemporaryDirectory();
        await using var database = await postgres.CreateDatabaseAsync();
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        using var client = await one.ConnectAsync();
        using var second = await other.ConnectAsync();
        var draw = await client.CallAsync("UR.DRAW", "default", "10", "key");
        var replay = await second.CallAsync("UR.DRAW", "default", "10", "key");
        Assert.Equal($"*[{draw.Items![0]}, :1]", $"{replay}");
        Assert.Equal($":{Size - 10}", $"{await second.CallAsync("SCARD", "default")}");

        RespLoad[] loads = [await RespLoad.StartAsync(one.Port, 4, 8), await RespLoad.StartAsync(other.Port, 4, 8)];

        var numbers = (await Task.WhenAll(loads.Select(load => load.FinishAsync()))).SelectMany(drawn => drawn);
        Assert.All(loads.SelectMany(load => load.Errors.Keys), error => Assert.Equal("ERR pool-exhausted", error));
        Assert.Equal(
            Enumerable.Range(1, Size).Select(number => (long)number), numbers.Concat(draw.Items[0].Numbers).Order());
        Assert.Equal("$nil", $"{await client.CallAsync("SPOP", "default")}");
        Assert.Equal((0, 0), (await one.Server.StopAsync(), await other.Server.StopAsync()));

        Task<RedisProcess> StartAsync() => RedisProcess.StartAsync(directory, [.. database.Switches, "--maximum", $"{Size}"]);
    }
}
