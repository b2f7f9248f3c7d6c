using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Client.Tests.Crash;

/// <summary>Kills the primary of PostgreSQL while draws are made, and promotes the standby.</summary>
public sealed class FailoverTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_draw_returns_once_and_nothing_is_drawn_twice()
    {
        await using var pair = await PostgresPair.CreateAsync();
        var hosts = $"127.0.0.1:{pair.Primary.Port},127.0.0.1:{pair.Standby.Port}";
        await using var server = await ServerProcess.StartAsync(
            directory, "--store", "postgres", "--maximum", "20000", "--connection-string",
            $"Host={hosts};Username=postgres;Database=postgres;Target Session Attributes=primary");
        using var registered = new RegisteredClient(server.Address);
        var load = new DrawLoad(registered.Client, count: 5000, callers: 16);
        await load.ReachedAsync(500);

        await pair.Primary.KillAsync();
        Assert.False(load.Finished.IsCompleted, "The draws finished before the primary was killed.");
        await pair.PromoteAsync();

        await load.Finished.WaitAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"A failover: {await load.VerifyAsync(registered.Client)}");
    }
}
