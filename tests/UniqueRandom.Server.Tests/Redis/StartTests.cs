using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Draws from pools that are still being seeded.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task While_the_server_starts_commands_that_need_a_pool_are_refused_as_Redis_does()
    {
        var port = LoopbackPort.Take();
        await using var server = ServerProcess.Launch(
            directory, "--maximum", "50000000", "--redis-urls", RedisProcess.AddressOf(port));
        await server.LineAsync("Seeding pool default");
        using var client = await RespClient.ConnectAsync(port);

        Assert.Equal("+PONG", $"{await client.CallAsync("PING")}");
        foreach (var command in (string[][])[
            ["SPOP", "default"], ["SPOP", "default", "2"], ["UR.DRAW", "default", "1", "key"], ["SCARD", "default"]])
        {
            (await client.CallAsync(command)).Error("LOADING starting: The pools are being opened or seeded. Retry in a second.");
        }

        await server.KillAsync();
    }

    [Fact]
    public async Task A_pool_that_is_being_seeded_is_an_error()
    {
        await using var redis = await RedisProcess.StartAsync(directory, "--maximum", "10");
        using var client = await redis.ConnectAsync();
        // One large pool is seeded at a time, so the second of two waits. The answers are not awaited.
        var ahead = redis.Server.Client.CreatePoolAsync("ahead", 1, 50_000_000);
        await redis.Server.LineAsync("Seeding pool ahead");
        _ = redis.Server.Client.CreatePoolAsync("large", 1, 50_000_000)
            .ContinueWith(create => create.Exception, TaskScheduler.Default);
        var answer = await client.CallAsync("SPOP", "large");
        while ($"{answer}".StartsWith("-ERR pool-not-found", StringComparison.Ordinal))
            answer = await client.CallAsync("SPOP", "large");

        answer.Error("ERR pool-seeding: The permutation of the pool 'large' is still being stored");
        (await client.CallAsync("SPOP", "large", "2")).Error("ERR pool-seeding");
        (await client.CallAsync("SCARD", "large")).Error("ERR pool-seeding");

        await redis.Server.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ahead);
    }
}
