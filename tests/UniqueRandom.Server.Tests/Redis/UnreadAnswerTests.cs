using System.Diagnostics;
using System.Net;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Clients that don't read their answers, send a part of a command, or never pause, don't delay the others.</summary>
public sealed class UnreadAnswerTests : IDisposable
{
    private const int Size = 2_000_100;

    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_client_that_does_not_read_is_not_read_and_its_draws_are_bounded()
    {
        await using var redis = await RedisProcess.StartAsync(directory, "--maximum", $"{Size}");
        using var client = await redis.ConnectAsync(receiveBuffer: 4096);
        // The answers have some 30 MB, of which the buffers of the connection take a few.
        var sending = client.SendAsync(RespClient.Repeat(100_000, "SPOP", "default", "20"));

        var drawn = await StopsGrowingAsync(redis);

        Assert.InRange(drawn, 1, Size / 2);
        for (var i = 0; i < 50; i++)
            Assert.Equal(HttpStatusCode.OK, await redis.Server.Client.GetPromptlyAsync("/random"));
        using var other = await redis.ConnectAsync();
        for (var i = 0; i < 50; i++)
            Assert.InRange((await other.CallAsync("SPOP", "default")).Number, 1, Size);

        var numbers = (await client.NextAsync(100_000)).SelectMany(answer => answer.Numbers).ToHashSet();
        await sending;
        Assert.Equal(2_000_000, numbers.Count);
        Assert.Equal(2_000_100, await redis.Server.Client.DrawnAsync("default"));
    }

    [Fact]
    public async Task Parts_of_commands_and_a_client_without_a_pause_do_not_delay_others()
    {
        await using var redis = await RedisProcess.StartAsync(directory, "--maximum", "20000");
        var idle = new List<RespClient>();
        foreach (var part in (string[])["", "*", "*2\r\n$4\r\nSPOP\r\n$7\r\nde"])
        {
            for (var i = 0; i < 100; i++)
            {
                idle.Add(await redis.ConnectAsync());
                await idle[^1].SendAsync(System.Text.Encoding.ASCII.GetBytes(part));
            }
        }

        using var flooding = await redis.ConnectAsync();
        // Empty commands have no answers, so the client needs less time for them than the server.
        var commands = RespClient.Repeat(250_000);
        var stops = false;
        var flood = Task.Run(FloodAsync, CancellationToken);

        for (var i = 0; i < 200; i++)
            Assert.Equal(HttpStatusCode.OK, await redis.Server.Client.GetPromptlyAsync("/random"));
        Assert.False(flood.IsCompleted);
        Volatile.Write(ref stops, true);
        await flood;
        Assert.Equal("+PONG", $"{await flooding.CallAsync("PING")}");
        idle.ForEach(client => client.Dispose());

        async Task FloodAsync()
        {
            while (!Volatile.Read(ref stops))
                await flooding.SendAsync(commands);
        }
    }

    /// <summary>Returns how many numbers are drawn when no more have been for half a second.</summary>
    private static async Task<int> StopsGrowingAsync(RedisProcess redis)
    {
        var (drawn, since) = (0, Stopwatch.GetTimestamp());
        while (drawn == 0 || Stopwatch.GetElapsedTime(since) < TimeSpan.FromMilliseconds(500))
        {
            var now = await redis.Server.Client.DrawnAsync("default");
            if (now != drawn)
                (drawn, since) = (now, Stopwatch.GetTimestamp());
            await Task.Delay(50, CancellationToken);
        }

        return drawn;
    }
}
