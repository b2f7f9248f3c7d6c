using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>A disk that does not finish a sync.</summary>
public sealed class HangingDiskTests : IAsyncLifetime
{
    private const int QueueCapacity = 3;

    private readonly TemporaryDirectory directory = new();
    private readonly List<RespClient> clients = [];
    private RedisProcess redis = null!;
    private Strace? strace;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisProcess.StartAsync(directory, "--maximum", "20000", "--queue-capacity", $"{QueueCapacity}");
        strace = await Strace.AttachAsync(redis.Server.Id, "fsync,fdatasync", "delay_enter=60s");
    }

    public async ValueTask DisposeAsync()
    {
        await EndHangAsync();
        clients.ForEach(client => client.Dispose());
        await redis.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Commands_that_need_no_store_are_answered_and_a_full_queue_refuses_at_once()
    {
        var waiting = await FullQueue.FillAsync(QueueCapacity, () => SendAsync("SPOP", "default"), AssertRefused);
        var counting = await SendAsync("SCARD", "default");
        using var client = await redis.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("+PONG", await PromptlyAsync(client, "PING"));
            Assert.Equal(
                "-ERR queue-full: Nothing was drawn. Retry in a second.", await PromptlyAsync(client, "SPOP", "default"));
            Assert.StartsWith("-ERR queue-full", await PromptlyAsync(client, "UR.DRAW", "default", "2", $"{i}"));
        }

        await FullQueue.RemoveRefusedAsync(waiting, AssertRefused);
        Assert.InRange(waiting.Count, QueueCapacity, int.MaxValue);

        await EndHangAsync();
        var answers = await Task.WhenAll(waiting);
        Assert.Equal(waiting.Count, answers.Select(answer => answer.Number).Distinct().Count());
        Assert.Equal(':', (await counting).Type);
    }

    [Fact]
    public async Task A_waiting_draw_of_a_client_that_has_gone_is_dropped()
    {
        var first = await SendAsync("SPOP", "default");
        await Task.WhenAny(first, Task.Delay(500, CancellationToken));
        Assert.False(first.IsCompleted);
        using (var gone = await redis.ConnectAsync())
            await gone.SendAsync(RespClient.Repeat(2, "SPOP", "default"));
        // Its draws wait a second for a client that has only ended its side.
        await Task.Delay(2000, CancellationToken);

        await EndHangAsync();

        Assert.InRange((await first).Number, 1, 20_000);
        Assert.Equal(1, await redis.Server.Client.DrawnAsync("default"));
    }

    /// <summary>Sends a command over its own connection. Returns the answer to wait for.</summary>
    private async Task<Task<RespValue>> SendAsync(params IReadOnlyList<string> command)
    {
        var client = await redis.ConnectAsync();
        clients.Add(client);
        await client.SendAsync(RespClient.Encode(command));
        return client.NextAsync();
    }

    private static void AssertRefused(RespValue answer) => answer.Error("ERR queue-full");

    private static async Task<string> PromptlyAsync(RespClient client, params IReadOnlyList<string> command) =>
        $"{await client.CallAsync(command).WaitAsync(TimeSpan.FromSeconds(10), CancellationToken)}";

    /// <summary>Kills strace, without which the kernel can't end the thread that it delays.</summary>
    private async Task EndHangAsync()
    {
        if (strace is not null)
            await strace.DisposeAsync();
        strace = null;
    }
}
