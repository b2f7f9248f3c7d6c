using System.Diagnostics;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The server stops, or is killed, while clients pipeline draws.</summary>
public sealed class StopTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 8;
    private const int Pipelined = 16;

    private readonly TemporaryDirectory directory = new();
    private readonly Random random = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task SIGTERM_under_load_answers_the_draws_that_it_records()
    {
        var received = new List<long>();
        for (var start = 0; start < 2; start++)
        {
            await using var redis = await RedisProcess.StartAsync(directory);
            var load = await RespLoad.StartAsync(redis.Port, Clients, Pipelined, mark: 3000);
            await load.ReachedAsync();

            var stopping = Stopwatch.GetTimestamp();
            Assert.Equal(0, await redis.Server.StopAsync());
            Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(5));

            received.AddRange(await load.FinishAsync());
            Assert.Empty(load.Errors);
            Assert.Empty(redis.Server.Errors);
            Assert.DoesNotContain(redis.Server.Output, line => line.Contains(" ERR ", StringComparison.Ordinal));
            Assert.Equal([directory.Database, directory.Mark], directory.Contents().Keys);
            Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyReceived(received));
        }
    }

    [Fact]
    public async Task SIGTERM_ends_idle_connections_at_once_and_those_that_do_not_read_in_time()
    {
        await using var redis = await RedisProcess.StartAsync(directory, "--maximum", "1000000");
        using var idle = await redis.ConnectAsync();
        Assert.Equal("+PONG", $"{await idle.CallAsync("PING")}");
        using var deaf = await redis.ConnectAsync(receiveBuffer: 4096);
        // Some 12 MB, of which the buffers of the connection take a few.
        _ = deaf.SendAsync(RespClient.Repeat(90, "SPOP", "default", "10000"));
        Assert.Equal(10_000, (await deaf.NextAsync()).Items!.Length);

        var stopping = Stopwatch.GetTimestamp();
        var stopped = redis.Server.StopAsync();
        Assert.Null(await idle.ReceiveAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        Assert.Equal(0, await stopped);
        Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.DoesNotContain(redis.Server.Output, line => line.Contains(" ERR ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_number_is_answered_once_and_recorded_across_kills()
    {
        const int kills = 8;
        var received = new List<long>();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var redis = await RedisProcess.StartAsync(directory);
            var load = await RespLoad.StartAsync(redis.Port, Clients, Pipelined, mark: random.Next(1, 5000));
            await load.ReachedAsync();
            await redis.Server.KillAsync();
            received.AddRange(await load.FinishAsync());
            Assert.Empty(load.Errors);
        }

        await using (var last = await RedisProcess.StartAsync(directory))
            Assert.Equal(0, await last.Server.StopAsync());

        var burned = StoredDraws.Read(directory.Database).VerifyReceived(received);
        output.WriteLine($"{kills} kills: {received.Count} numbers received, none twice, all in the log; {burned} burned");
        // A client waits for one pipeline: 16 draws of one number and 16 of two.
        Assert.InRange(burned, 0, kills * Clients * 3 * Pipelined);
    }
}
