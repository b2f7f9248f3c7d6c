using Microsoft.Extensions.DependencyInjection;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Client.Tests.Resilience;

/// <summary>Connections that are lost, or silent.</summary>
public sealed class ConnectionTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private readonly TcpProxy proxy = new(server.Address.Port);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private Uri Address => new($"http://127.0.0.1:{proxy.Port}");

    public void Dispose() => proxy.Dispose();

    [Fact]
    public async Task A_draw_whose_server_is_silent_is_sent_again()
    {
        var pool = await server.CreatePoolAsync(100);
        using var attempts = new AttemptCounter();
        using var registered = new RegisteredClient(
            Address,
            options => options.AttemptTimeout = TimeSpan.FromSeconds(0.3),
            (_, builder) => builder.AddHttpMessageHandler(() => attempts));
        proxy.FreezeAnswers();
        var drawing = registered.Client.DrawAsync(pool, 3, CancellationToken);
        await Eventually.TrueAsync(async () => await server.Client.DrawnAsync(pool) == 3, "the draw is recorded");
        await attempts.ReachedAsync(2);

        proxy.Restore();

        var draw = await drawing;
        Assert.True(draw.IsReplayed);
        Assert.Equal(3, draw.Numbers.Count);
        Assert.Equal(3, await server.Client.DrawnAsync(pool));
    }

    [Fact]
    public async Task An_import_is_sent_again_after_its_connection_is_lost_and_takes_longer_than_an_attempt()
    {
        using var attempts = new AttemptCounter();
        using var registered = new RegisteredClient(
            Address,
            options => options.AttemptTimeout = TimeSpan.FromSeconds(0.3),
            (_, builder) => builder.AddHttpMessageHandler(() => attempts));
        var enumerations = 0;
        var creating = registered.Client.CreatePoolAsync(
            "imported", new() { Minimum = 1, Maximum = 500_000 }, Numbers(), CancellationToken);
        await attempts.ReachedAsync(2);
        proxy.Restore();

        Assert.Equal(300_000, (await creating).Imported);
        Assert.Equal(2, enumerations);

        IEnumerable<long> Numbers()
        {
            var attempt = Interlocked.Increment(ref enumerations);
            for (var number = 1L; number <= 300_000; number++)
            {
                if (number == 200_000 && attempt == 1)
                    proxy.Cut();
                if (number == 200_000 && attempt == 2)
                    Thread.Sleep(TimeSpan.FromSeconds(1));
                yield return number;
            }
        }
    }

    [Fact]
    public async Task A_silent_server_is_not_alive()
    {
        using var registered = new RegisteredClient(Address, options => options.AttemptTimeout = TimeSpan.FromSeconds(2));
        Assert.True(await registered.Client.IsReadyAsync(CancellationToken));
        proxy.Freeze();
        Assert.False(await registered.Client.IsAliveAsync(CancellationToken));
        proxy.Cut();
        Assert.False(await registered.Client.IsReadyAsync(CancellationToken));
    }

    [Fact]
    public async Task Only_the_token_ends_a_draw_while_the_server_is_away()
    {
        // What a program may add to all of its clients.
        using var registered = new RegisteredClient(Address, register: (services, _) => services.ConfigureHttpClientDefaults(
            client => client.AddStandardResilienceHandler(options =>
            {
                options.Retry.MaxRetryAttempts = 1;
                options.Retry.Delay = TimeSpan.FromMilliseconds(1);
                options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(0.5);
                options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(1);
                options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(1);
            })));
        proxy.Cut();
        using var limit = new CancellationTokenSource();
        var drawing = registered.Client.DrawAsync("default", 1, limit.Token);
        await Assert.ThrowsAsync<TimeoutException>(() => drawing.WaitAsync(TimeSpan.FromSeconds(2), CancellationToken));

        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => drawing.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken));
    }

    [Fact]
    public async Task A_client_follows_its_server_after_it_was_away()
    {
        var pool = await server.CreatePoolAsync(100);
        using var attempts = new AttemptCounter();
        using var registered = new RegisteredClient(
            Address, register: (_, builder) => builder.AddHttpMessageHandler(() => attempts));
        await registered.Client.DrawAsync(pool, 1, CancellationToken);
        proxy.Cut();
        var drawing = registered.Client.DrawAsync(pool, 1, CancellationToken);
        await attempts.ReachedAsync(3);
        proxy.Restore();
        Assert.Equal(1, (await drawing).First);
    }
}
