using UniqueRandom.Client.Models;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Client.Tests.Resilience;

/// <summary>Streams whose connection is lost.</summary>
public sealed class StreamTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const int LineSize = 10_000;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draw_log_continues_after_the_last_line()
    {
        var pool = await server.CreatePoolAsync(30 * LineSize);
        using var direct = new RegisteredClient(server.Address);
        for (var i = 0; i < 30; i++)
            await direct.Client.DrawAsync(pool, LineSize, CancellationToken);
        // Each of the first three connections is closed after some of the 2 MB.
        var (budget, losses) = (400_000, 0);
        using var proxy = new TcpProxy(server.Address.Port, forwarded: count =>
        {
            if ((budget -= count) >= 0 || losses == 3)
                return count;
            (budget, losses) = (400_000, losses + 1);
            return 0;
        });
        using var registered = new RegisteredClient(new Uri($"http://127.0.0.1:{proxy.Port}"));

        var position = 0L;
        var numbers = new HashSet<long>();
        await foreach (var line in registered.Client.ReadDrawLogAsync(pool, cancellationToken: CancellationToken))
        {
            Assert.Equal(position, line.First);
            position += line.Numbers.Count;
            numbers.UnionWith(line.Numbers);
        }

        Assert.Equal((30 * LineSize, 30 * LineSize, 3), (position, numbers.Count, losses));
    }

    [Fact]
    public async Task A_canceled_stream_throws_with_the_token_of_the_caller()
    {
        using var registered = new RegisteredClient(server.Address);
        using var limit = new CancellationTokenSource();
        var events = registered.Client.WatchPoolsAsync(limit.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (events)
        {
            Assert.True(await events.MoveNextAsync());
            var next = events.MoveNextAsync().AsTask();
            await limit.CancelAsync();
            var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(CancellationToken));
            Assert.Equal(limit.Token, error.CancellationToken);
        }
    }

    [Fact]
    public async Task Events_continue_with_a_description_of_all_pools_after_a_loss()
    {
        using var proxy = new TcpProxy(server.Address.Port);
        using var registered = new RegisteredClient(new Uri($"http://127.0.0.1:{proxy.Port}"));
        var events = registered.Client.WatchPoolsAsync(CancellationToken).GetAsyncEnumerator(CancellationToken);
        await using (events)
        {
            Assert.True(await events.MoveNextAsync());
            proxy.Cut();
            proxy.Restore();
            // Sooner than after a silence, which takes 45 seconds.
            await NextFirstAsync(events).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken);
        }
    }

    [Fact]
    public async Task Events_continue_with_a_description_of_all_pools_after_a_silence()
    {
        using var proxy = new TcpProxy(server.Address.Port);
        using var registered = new RegisteredClient(new Uri($"http://127.0.0.1:{proxy.Port}"));
        var client = new UniqueRandomClient(registered.NewHttpClient(), patience: TimeSpan.FromSeconds(-14));
        var events = client.WatchPoolsAsync(CancellationToken).GetAsyncEnumerator(CancellationToken);
        await using (events)
        {
            Assert.True(await events.MoveNextAsync());
            proxy.FreezeAnswers();
            var next = NextFirstAsync(events);
            await Assert.ThrowsAsync<TimeoutException>(() => next.WaitAsync(TimeSpan.FromSeconds(1.5), CancellationToken));
            proxy.Restore();
            await next;
        }
    }

    private static async Task NextFirstAsync(IAsyncEnumerator<PoolsEvent> events)
    {
        do
            Assert.True(await events.MoveNextAsync());
        while (!events.Current.IsFirst);
    }
}
