using System.Net;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>Readiness for load balancers, and the log of its changes.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_server_is_ready_while_draws_can_be_recorded_and_logs_why_they_cannot()
    {
        await using var server = await ServerProcess.StartAsync(directory);
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready"}"""), await SendRequestAsync(server, "/health/ready"));

        // No draw detects the full disk. The readiness check does.
        await using (var strace = await Strace.AttachAsync(server.Id, "pwrite64", "error=ENOSPC", directory.Database + "-wal"))
        {
            await Eventually.TrueAsync(
                async () => (await SendRequestAsync(server, "/health/ready")).Status == HttpStatusCode.ServiceUnavailable,
                "the full disk is noticed");
            Assert.Contains(
                "store-unavailable", (await SendRequestAsync(server, "/health/ready")).Body, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await SendRequestAsync(server, "/health")).Status);
            Assert.Contains("full", await server.LineAsync("The store can't record draws"), StringComparison.Ordinal);
            await strace.DetachAsync();
        }

        await server.LineAsync("The store records draws again");
        Assert.Equal(HttpStatusCode.OK, (await SendRequestAsync(server, "/health/ready")).Status);
        Assert.Single(server.Output, line => line.Contains("can't record draws", StringComparison.Ordinal));
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal(0, StoredDraws.Integer(directory.Database, "SELECT cursor FROM pool"));
    }

    [Fact]
    public async Task During_the_first_seeding_a_server_is_alive_but_not_ready()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Take()}";
        await using var server = ServerProcess.Launch(directory, "--maximum", "50000000", "--urls", address);
        await server.LineAsync("Seeding pool default with");
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var alive = await client.GetAsync("/health", CancellationToken);
        using var ready = await client.GetAsync("/health/ready", CancellationToken);
        Assert.DoesNotContain(server.Output, line => line.Contains("Serving", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (alive.StatusCode, ready.StatusCode));
        Assert.Contains("starting", await ready.Content.ReadAsStringAsync(CancellationToken), StringComparison.Ordinal);
        Assert.NotNull(ready.Headers.RetryAfter);

        await server.LineAsync("Serving");
        using var later = await client.GetAsync("/health/ready", CancellationToken);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendRequestAsync(ServerProcess server, string path)
    {
        using var response = await server.Client.GetAsync(path, CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(CancellationToken));
    }
}
