using System.Diagnostics;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Commands while the server starts, or a pool is being seeded.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_command_that_needs_a_pool_waits_while_the_server_starts()
    {
        var port = LoopbackPort.Take();
        await using var server = ServerProcess.Launch(
            directory, "--maximum", "2000000", "--redis-urls", RedisProcess.AddressOf(port));
        await server.LineAsync("Seeding pool default");
        using var client = await RespClient.ConnectAsync(port);

        await client.SendAsync(
            (byte[])[.. RespClient.Encode("SPOP", "default"), .. RespClient.Encode("SCARD", "default")]);

        Assert.InRange((await client.NextAsync()).Number, 1, 2_000_000);
        Assert.Equal(":1999999", $"{await client.NextAsync()}");
    }

    [Fact]
    public async Task Commands_that_wait_are_refused_together_after_5_seconds_as_Redis_does()
    {
        var port = LoopbackPort.Take();
        await using var server = await LaunchWithoutStoreAsync(port);
        using var client = await RespClient.ConnectAsync(port);
        var sent = Stopwatch.GetTimestamp();
        await client.SendAsync(
            (byte[])[
                .. RespClient.Encode("ECHO", "first"), .. RespClient.Encode("SPOP", "default"), .. RespClient.Encode("PING"),
                .. RespClient.Encode("SPOP", "default", "2"), .. RespClient.Encode("UR.DRAW", "default", "1", "key"),
                .. RespClient.Encode("SCARD", "default")]);

        Assert.Equal("$first", $"{await client.NextAsync()}");
        using var other = await RespClient.ConnectAsync(port);
        Assert.Equal("+PONG", $"{await other.CallAsync("PING")}");
        Assert.InRange(Stopwatch.GetElapsedTime(sent), TimeSpan.Zero, TimeSpan.FromSeconds(4));

        var answers = await client.NextAsync(5);
        Assert.InRange(Stopwatch.GetElapsedTime(sent), TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(9));
        Assert.Equal("+PONG", $"{answers[1]}");
        foreach (var answer in (RespValue[])[answers[0], .. answers[2..]])
            answer.Error("LOADING starting: The pools are being opened or seeded. Retry in a second.");
    }

    [Fact]
    public async Task A_command_that_waits_does_not_delay_a_stop()
    {
        var port = LoopbackPort.Take();
        await using var server = await LaunchWithoutStoreAsync(port);
        using var client = await RespClient.ConnectAsync(port);
        await client.SendAsync((byte[])[.. RespClient.Encode("PING"), .. RespClient.Encode("SPOP", "default")]);
        Assert.Equal("+PONG", $"{await client.NextAsync()}");

        var stopping = Stopwatch.GetTimestamp();
        Assert.Equal(0, await server.StopAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(3));
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

        answer.Error("ERR pool-seeding: The order of the pool 'large' is still being stored");
        (await client.CallAsync("SPOP", "large", "2")).Error("ERR pool-seeding");
        (await client.CallAsync("SCARD", "large")).Error("ERR pool-seeding");

        await redis.Server.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ahead);
    }

    /// <summary>Launches a node that finds no primary, so it does not finish its start.</summary>
    private async Task<ServerProcess> LaunchWithoutStoreAsync(int port)
    {
        var server = ServerProcess.Launch(
            directory,
            "--redis-urls", RedisProcess.AddressOf(port), "--store", "postgres",
            "--connection-string", $"Host=127.0.0.1:{LoopbackPort.Take()};Database=none;Username=none");
        await server.LineAsync("The store is not available yet");
        return server;
    }
}
