using System.Net.Sockets;
using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>Validation of the Host header, which protects against DNS rebinding.</summary>
public sealed class HostTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly string[] Requests =
    [
        // The second one is routed; the first one is answered before routing.
        "GET /random", "GET /Random", "HEAD /random", "GET /pools/default/random", "GET /pools", "GET /pools/default",
        "GET /pools/default/draws", "GET /pools/default/numbers/1", "GET /", "GET /docs", "GET /docs/index.html",
        "GET /docs/swagger-ui.css", "GET /openapi/v1.json", "GET /nowhere", "GET /health/nowhere", "POST /pools/default/close",
        "POST /pools/default/draws", "PUT /pools/rebound", "OPTIONS /random", "OPTIONS *", "DELETE /random", "POST /random",
        "JUNK /random",
    ];

    [Fact]
    public async Task Every_route_refuses_another_host()
    {
        var before = await server.DescribePoolsAsync();

        foreach (var request in Requests)
        {
            var answer = await SendAsync(server.Address, request, "evil.example");
            if (request.StartsWith("HEAD", StringComparison.Ordinal))
                Assert.Equal((421, ""), (answer.Status, answer.Text));
            else
                answer.Problem(421, "host-not-allowed");
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        }

        Assert.Equal(before, await server.DescribePoolsAsync());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("127.0.0.1:8000")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]:8000")]
    public async Task Loopback_hosts_are_accepted(string host) =>
        (await SendAsync(server.Address, "GET /pools", host)).Success(200);

    [Theory]
    [InlineData("localhost.")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    [InlineData("127.1")]
    [InlineData("192.0.2.1")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("localhost.evil.example")]
    [InlineData("")]
    public async Task Other_hosts_are_refused(string host) =>
        (await SendAsync(server.Address, "GET /pools", host)).Problem(421, "host-not-allowed");

    [Fact]
    public async Task A_request_without_a_host_is_refused() =>
        (await RawHttp.SendAsync(server.Address, "GET /random HTTP/1.0\r\n\r\n"u8.ToArray()))!.Problem(421, "host-not-allowed");

    [Fact]
    public async Task Several_Host_headers_are_a_bad_request()
    {
        foreach (var hosts in (string[])["localhost\r\nHost: evil.example", "evil.example\r\nHost: localhost"])
            Assert.Equal(400, (await SendAsync(server.Address, "GET /pools", hosts)).Status);
    }

    [Fact]
    public async Task A_target_with_another_host_is_refused()
    {
        Assert.Equal(400, (await SendAsync(server.Address, "GET http://evil.example/random", "localhost")).Status);
        (await SendAsync(server.Address, "GET http://evil.example/random", "evil.example")).Problem(421, "host-not-allowed");
    }

    [Theory]
    [InlineData("/health", "ok")]
    [InlineData("/health/ready", "ready")]
    public async Task Health_checks_accept_any_host(string path, string status)
    {
        var answer = await SendAsync(server.Address, $"GET {path}", "monitor.example");

        Assert.Equal(status, answer.Success(200).GetProperty("status").GetString());
        var nameless = await RawHttp.SendAsync(server.Address, Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\n\r\n"));
        Assert.Equal(200, nameless!.Status);
    }

    [Fact]
    public async Task An_accepted_host_does_not_allow_another_host()
    {
        for (var round = 0; round < 5; round++)
        {
            (await SendAsync(server.Address, "GET /pools", "127.0.0.1")).Success(200);
            (await SendAsync(server.Address, "GET /pools", "127.0.0.1.evil.example")).Problem(421, "host-not-allowed");
            (await SendAsync(server.Address, "GET /pools", "127.0.0.2")).Success(200);
        }
    }

    [Fact]
    public async Task A_Unix_socket_accepts_any_host()
    {
        using var directory = new TemporaryDirectory();
        var socket = directory.File("server.sock");
        await using var local = ServerProcess.Launch(directory, "--maximum", "3", "--urls", $"http://unix:{socket}");
        await local.LineAsync("Serving pool");
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            },
        });

        foreach (var host in (string[])["localhost", "numbers", "numbers.example.com"])
            (await client.FetchAsync($"http://{host}/random")).Success(200);
    }

    [Fact]
    public async Task With_keys_every_host_is_accepted_unless_hosts_are_configured()
    {
        using var directory = new TemporaryDirectory();
        var shop = new KeyHolder("shop", "draw");
        await using (var open = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop)))
            (await SendAsync(open.Address, "GET /random", "numbers.example.com", shop)).Success(200);

        var environment = KeyHolder.Environment(shop);
        environment.Add("AllowedHosts", "numbers.example.com;*.intern.example");
        await using var limited = await ServerProcess.StartAsync(directory, environment);

        foreach (var host in (string[])["numbers.example.com:8443", "a.intern.example"])
            (await SendAsync(limited.Address, "GET /random", host, shop)).Success(200);
        foreach (var host in (string[])["evil.example", "127.0.0.1", "localhost", "intern.example"])
            (await SendAsync(limited.Address, "GET /random", host, shop)).Problem(421, "host-not-allowed");
    }

    [Fact]
    public async Task With_anonymous_access_addresses_and_configured_names_are_accepted()
    {
        using var directory = new TemporaryDirectory();
        await using var anonymous = await ServerProcess.StartAsync(
            directory, "--allow-anonymous", "--allowed-hosts", "numbers.example.com", "--urls", "http://0.0.0.0:0");

        foreach (var host in (string[])["numbers.example.com", "192.0.2.1:8000", "[2001:db8::1]", "localhost", "127.0.0.1"])
            (await SendAsync(anonymous.Address, "GET /random", host)).Success(200);
        foreach (var host in (string[])["evil.example", "example.com", "2130706433", "localhost."])
            (await SendAsync(anonymous.Address, "GET /random", host)).Problem(421, "host-not-allowed");
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("http://numbers.example.com")]
    [InlineData("numbers.example.com:8000")]
    [InlineData("numbers.example.com, other.example.com")]
    [InlineData("*.")]
    [InlineData("*example.com")]
    [InlineData("a/b")]
    public async Task Invalid_hosts_are_refused(string hosts)
    {
        using var directory = new TemporaryDirectory();

        await BadStart.RefusedAsync(
            directory,
            "AllowedHosts must be hosts without a port, like numbers.example.com or *.example.com, separated by semicolons; "
            + $"it is '{hosts}'.",
            "--allow-anonymous",
            "--allowed-hosts",
            hosts);
    }

    [Fact]
    public async Task Configured_hosts_without_effect_are_refused()
    {
        using var directory = new TemporaryDirectory();
        const string expected =
            "AllowedHosts needs UniqueRandom:Keys or --allow-anonymous; without them only loopback hosts are answered.";

        await BadStart.RefusedAsync(directory, expected, "--allowed-hosts", "numbers.example.com");
        await BadStart.RefusedAsync(directory, expected, new Dictionary<string, string> { ["ASPNETCORE_ALLOWEDHOSTS"] = "*" });
    }

    [Fact]
    public async Task A_list_of_hosts_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var environment = new Dictionary<string, string> { ["AllowedHosts__0"] = "numbers.example.com" };

        await BadStart.RefusedAsync(directory, "AllowedHosts must be hosts without a port", environment, "--allow-anonymous");
    }

    private static async Task<ApiAnswer> SendAsync(Uri server, string request, string host, KeyHolder? holder = null)
    {
        var key = holder is null ? "" : $"Authorization: Bearer {holder.Key}\r\n";
        var head = $"{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{key}\r\n";
        return (await RawHttp.SendAsync(server, Encoding.ASCII.GetBytes(head)))!;
    }
}
