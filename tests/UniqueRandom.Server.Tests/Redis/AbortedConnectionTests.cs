using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>However a connection ends, it is no event for the log.</summary>
public sealed class AbortedConnectionTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_client_that_does_not_authenticate_within_10_seconds_is_disconnected_and_not_logged()
    {
        await using var redis = await RedisProcess.StartAsync(directory, KeyHolder.Environment(new KeyHolder("shop", "draw")));
        using var silent = await redis.ConnectAsync();
        using var partial = await redis.ConnectAsync();
        using var wrong = await redis.ConnectAsync();
        await partial.SendAsync("*2\r\n$4\r\nAU"u8.ToArray());
        (await wrong.CallAsync("AUTH", "guess")).Error("WRONGPASS ");

        foreach (var client in (RespClient[])[silent, partial, wrong])
            Assert.Null(await client.ReceiveAsync());

        await AssertNothingLoggedAsync(redis);
    }

    [Fact]
    public async Task Clients_that_reset_their_connections_are_not_logged()
    {
        await using var redis = await RedisProcess.StartAsync(directory);
        for (var i = 0; i < 100; i++)
        {
            using var client = await redis.ConnectAsync();
            await client.SendAsync(RespClient.Repeat(i % 4 * 20, "SPOP", "default", "50"));
            client.Reset();
        }

        await AssertNothingLoggedAsync(redis);
    }

    /// <summary>Stops the server, which aborts the connections that are left.</summary>
    private static async Task AssertNothingLoggedAsync(RedisProcess redis)
    {
        Assert.Equal(0, await redis.Server.StopAsync());
        Assert.All(redis.Server.Output, line => Assert.Contains(" INF ", line, StringComparison.Ordinal));
        Assert.Empty(redis.Server.Errors);
    }
}
