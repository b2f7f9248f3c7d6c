using System.Net.Sockets;
using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>The Host header, by which a page whose name was rebound to this machine's address gives itself away.</summary>
public sealed class HostTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly string[] Requests =
    [
        "GET /random", "HEAD /random", "GET /pools/default/random", "GET /pools", "GET /pools/default",
        "GET /pools/default/draws", "GET /pools/default/numbers/1", "GET /", "GET /docs", "GET /docs/index.html",
        "GET /docs/swagger-ui.css", "GET /openapi/v1.json", "GET /nowhere", "GET /health/nowhere",
        "POST /pools/default/close", "POST /pools/default/draws", "PUT /pools/rebound",
        "OPTIONS /random", "OPTIONS *", "DELETE /random", "POST /random", "JUNK /random",
    ];

    [Fact]
    public async Task Whatever_is_asked_for_another_host_is_refused()
    {
        var before = await server.WhatIsDrawnAsync();

        foreach (var request in Requests)
        {
            var answer = await SendAsync(server.Address, request, "evil.example");
            if (request.StartsWith("HEAD", StringComparison.Ordinal))
                Assert.Equal((421, ""), (answer.Status, answer.Text));
            else
                answer.Problem(421, "host-not-allowed");
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        }

        Assert.Equal(before, await server.WhatIsDrawnAsync());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("127.0.0.1:8000")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]:8000")]
    public async Task Loopback_hosts_are_answered(string host) =>
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
    public async Task Several_hosts_are_no_request()
    {
        foreach (var hosts in (string[])["localhost\r\nHost: evil.example", "evil.example\r\nHost: localhost"])
            Assert.Equal(400, (await SendAsync(server.Address, "GET /pools", hosts)).Status);
    }

    [Fact]
    public async Task Another_host_in_the_target_is_no_request()
    {
        Assert.Equal(400, (await SendAsync(server.Address, "GET http://evil.example/random", "localhost")).Status);
        (await SendAsync(server.Address, "GET http://evil.example/random", "evil.example")).Problem(421, "host-not-allowed");
    }

    [Theory]
    [InlineData("/health", "ok")]
    [InlineData("/health/ready", "ready")]
    public async Task Monitors_may_use_any_host(string path, string status)
    {
        var answer = await SendAsync(server.Address, $"GET {path}", "monitor.example");

        Assert.Equal(status, answer.Success(200).GetProperty("status").GetString());
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\n\r\n");
        Assert.Equal(200, (await RawHttp.SendAsync(server.Address, request))!.Status);
    }

    [Fact]
    public async Task A_host_that_was_answered_does_not_open_the_door_for_another()
    {
        for (var round = 0; round < 5; round++)
        {
            (await SendAsync(server.Address, "GET /pools", "127.0.0.1")).Success(200);
            (await SendAsync(server.Address, "GET /pools", "127.0.0.1.evil.example")).Problem(421, "host-not-allowed");
            (await SendAsync(server.Address, "GET /pools", "127.0.0.2")).Success(200);
        }
    }

    [Fact]
    public async Task A_Unix_socket_is_answered_whatever_the_host_is()
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
    public async Task With_keys_every_host_is_answered_unless_hosts_are_configured()
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
    public async Task A_server_for_everybody_answers_addresses_and_the_configured_names()
    {
        using var directory = new TemporaryDirectory();
        await using var everybody = await ServerProcess.StartAsync(
            directory, "--allow-anonymous", "--allowed-hosts", "numbers.example.com", "--urls", "http://0.0.0.0:0");

        foreach (var host in (string[])["numbers.example.com", "192.0.2.1:8000", "[2001:db8::1]", "localhost", "127.0.0.1"])
            (await SendAsync(everybody.Address, "GET /random", host)).Success(200);
        foreach (var host in (string[])["evil.example", "example.com", "2130706433", "localhost."])
            (await SendAsync(everybody.Address, "GET /random", host)).Problem(421, "host-not-allowed");
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
    public async Task Hosts_that_are_none_are_refused(string hosts)
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
    public async Task Hosts_without_effect_are_refused()
    {
        using var directory = new TemporaryDirectory();
        const string named =
            "AllowedHosts needs UniqueRandom:Keys or --allow-anonymous; without them only loopback hosts are answered.";

        await BadStart.RefusedAsync(directory, named, "--allowed-hosts", "numbers.example.com");
        await BadStart.RefusedAsync(directory, named, new Dictionary<string, string> { ["ASPNETCORE_ALLOWEDHOSTS"] = "*" });
    }

    [Fact]
    public async Task Hosts_in_a_list_are_refused()
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
