using Microsoft.Extensions.DependencyInjection;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Client.Tests.Routes;

public sealed class KeyTests : IAsyncLifetime
{
    private readonly KeyHolder shop = new("shop", "draw", RequestsPerSecond: "5");
    private readonly TemporaryDirectory directory = new();
    private ServerProcess server = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop));

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_draw_waits_for_the_rate_limit()
    {
        const int Draws = 12;
        using var attempts = new AttemptCounter();
        using var registered = new RegisteredClient(
            server.Address,
            options => options.AccessKey = shop.Key,
            (_, builder) => builder.AddHttpMessageHandler(() => attempts));
        Assert.Equal("shop", (await registered.Client.GetCallerAsync(CancellationToken)).Name);
        var draws = await Task.WhenAll(
            Enumerable.Range(0, Draws).Select(_ => registered.Client.DrawAsync("default", 1, CancellationToken)));
        Assert.Equal(Draws, draws.SelectMany(draw => draw.Numbers).Distinct().Count());
        // The first attempt is that of GetCallerAsync.
        Assert.True(attempts.Count > 1 + Draws, "No draw was refused.");
    }

    [Fact]
    public async Task A_key_that_is_not_valid_is_refused_at_once()
    {
        using var registered = new RegisteredClient(server.Address, options => options.AccessKey = "wrong");
        string type;
        var refusals = 0;
        do
        {
            type = (await Assert.ThrowsAsync<UniqueRandomException>(() => registered.Client.DrawOneAsync())).Type;
            refusals++;
        }
        while (type == ProblemTypes.Unauthorized && refusals < 100);

        Assert.Equal(ProblemTypes.TooManyFailures, type);
    }

    [Fact]
    public async Task A_key_without_the_role_is_forbidden()
    {
        using var registered = new RegisteredClient(server.Address, options => options.AccessKey = shop.Key);
        var error = await Assert.ThrowsAsync<UniqueRandomException>(() => registered.Client.ClosePoolAsync("default"));
        Assert.Equal((ProblemTypes.Forbidden, "admin"), (error.Type, error.Extensions["role"].GetString()));
    }
}
