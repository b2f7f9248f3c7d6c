using System.Net;
using System.Net.Sockets;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>Who may read /metrics, and where.</summary>
public sealed class MetricsAccessTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_server_with_keys_wants_one_with_any_role()
    {
        var (prometheus, shop) = (new KeyHolder("prometheus", "read"), new KeyHolder("shop", "draw"));
        var port = LoopbackPort.Take();
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(prometheus, shop));
        await AssertAsync(server.Client);

        Assert.Equal(0, await server.StopAsync());
        await using var next = await ServerProcess.StartAsync(
            directory, KeyHolder.Environment(prometheus, shop), "--metrics-urls", $"http://127.0.0.1:{port}");
        using var own = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await AssertAsync(own);

        async Task AssertAsync(HttpClient client)
        {
            (await client.FetchAsync("/metrics")).Problem(401, "unauthorized");
            foreach (var holder in (KeyHolder[])[prometheus, shop])
                Assert.StartsWith("# ", (await holder.SendAsync(client, HttpMethod.Get, "/metrics")).Expect(200).Text);
        }
    }

    [Fact]
    public async Task A_port_of_its_own_serves_metrics_and_nothing_else()
    {
        var port = LoopbackPort.Take();
        await using var server = await ServerProcess.StartAsync(
            directory, "--maximum", "10", "--metrics-urls", $"http://127.0.0.1:{port}");
        using var own = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Equal(1, (await Scrape.ReadAsync(own))["uniquerandom_store_ready"]);
        foreach (var path in (string[])["/", "/random", "/health", "/pools", "/metrics/", "/docs", "/events"])
            (await own.FetchAsync(path)).Problem(404, "not-found");
        (await own.DrawAsync("default", 1)).Problem(404, "not-found");
        (await server.Client.FetchAsync("/metrics")).Problem(404, "not-found");
        Assert.Equal(0, await server.Client.DrawnAsync("default"));
        // The port decides, and not what the client says about it.
        Assert.Equal(404, await StatusAsync(server.Client, $"127.0.0.1:{port}"));
        Assert.Equal(200, await StatusAsync(own, server.Address.Authority));

        static async Task<int> StatusAsync(HttpClient client, string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = host } };
            return (await client.SendRequestAsync(request)).Status;
        }
    }

    [Fact]
    public async Task A_port_of_its_own_is_served_beside_endpoints_of_Kestrel()
    {
        var port = LoopbackPort.Take();
        await using var server = await ServerProcess.StartAsync(
            directory,
            new Dictionary<string, string> { ["Kestrel__Endpoints__Main__Url"] = "http://127.0.0.1:0" },
            "--metrics-urls", $"http://127.0.0.1:{port}");
        using var own = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Equal(1, (await Scrape.ReadAsync(own))["uniquerandom_store_ready"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("9464")]
    [InlineData("127.0.0.1:9464")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://unix:/tmp/metrics.sock")]
    public Task An_invalid_address_is_refused(string urls) => BadStart.RefusedAsync(
        directory,
        "--metrics-urls (UniqueRandom__MetricsUrls) must be addresses with a port like http://127.0.0.1:9464, separated by "
        + "semicolons",
        "--metrics-urls", urls);

    [Fact]
    public Task The_port_of_another_address_is_refused() => BadStart.RefusedAsync(
        directory,
        "must not have the port of http://127.0.0.1:8000 in --urls; it is 'http://[::1]:8000'",
        "--metrics-urls", "http://[::1]:8000", "--urls", "http://127.0.0.1:8000");

    [Fact]
    public Task The_address_of_the_Redis_protocol_is_refused() => BadStart.RefusedAsync(
        directory,
        "must not name http://127.0.0.1:9464 of --metrics-urls",
        "--metrics-urls", "http://127.0.0.1:9464", "--redis-urls", "127.0.0.1:9464");

    [Fact]
    public Task An_address_other_than_loopback_is_refused_without_keys() => BadStart.RefusedAsync(
        directory, "Other machines can reach http://0.0.0.0:9464", "--metrics-urls", "http://0.0.0.0:9464");

    [Fact]
    public async Task A_port_in_use_is_refused_by_name()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await BadStart.RefusedAsync(
            directory,
            $"Can't listen on http://{taken.LocalEndpoint}: address already in use; choose another address with --metrics-urls.",
            "--metrics-urls", $"http://{taken.LocalEndpoint}");
    }
}
