using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Clients of both protocols draw from one pool at once.</summary>
public sealed class SharedPoolTests : IDisposable
{
    private const int Size = 60_000;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_number_is_answered_once_over_either_protocol()
    {
        await using var redis = await RedisProcess.StartAsync(directory, "--maximum", $"{Size}");
        var http = await DrawLoad.StartAsync(redis.Server.Address, clients: 16, pipelined: 8);
        var resp = await RespLoad.StartAsync(redis.Port, clients: 8, pipelined: 8);

        var overHttp = (await http.FinishAsync()).Numbers;
        var overRedis = await resp.FinishAsync();

        Assert.NotEmpty(overHttp);
        Assert.NotEmpty(overRedis);
        // A draw of two numbers is refused when one is left.
        Assert.All(resp.Errors.Keys, error => Assert.Equal("ERR pool-exhausted", error));
        long[] received = [.. overHttp, .. overRedis];
        Assert.Equal(Enumerable.Range(1, Size).Select(number => (long)number), received.Order());
        Assert.Equal(0, await redis.Server.StopAsync());
        Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyReceived(received));
    }
}
