using System.Text;
using Microsoft.AspNetCore.Routing;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Access;

/// <summary>Requests that a browser sends for a page of another site draw and change nothing, and look up no code.</summary>
public sealed class CrossSiteTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Json = "Content-Type: application/json\r\n";

    /// <summary>The routes that neither change anything nor use it up. All others must refuse other sites.</summary>
    private static readonly string[] ReadOnlyRoutes =
    [
        "GET /", "GET /backup", "GET /check", "GET /events", "GET /health", "GET /health/ready", "GET /metrics",
        "GET /openapi/v1.json", "GET /pools", "GET /pools/{pool}",
        "GET /pools/{pool}/draws", "GET /pools/{pool}/numbers/{number}", "GET /pools/{pool}/sample", "GET /verify", "GET /whoami",
    ];

    private static readonly (string Method, string Path, string Body)[] Changes =
    [
        ("GET", "/random", ""), ("HEAD", "/random", ""),
        ("GET", "/pools/default/random", ""), ("HEAD", "/pools/default/random", ""),
        ("POST", "/pools/default/draws", """{"count":1}"""), ("PUT", "/pools/cross-site", """{"minimum":1,"maximum":9}"""),
        ("POST", "/pools/default/close", ""), ("POST", "/pools/default/extend", """{"maximum":2000}"""),
        ("POST", "/backup", ""), ("POST", "/check", ""), ("GET", "/pools/default/codes/1", ""),
    ];

    /// <summary>GET /random, which is answered before routing, in a spelling that is routed.</summary>
    private const string Routed = "/Random";

    [Fact]
    public async Task Every_route_that_changes_or_uses_up_refuses_other_sites()
    {
        using var directory = new TemporaryDirectory();
        await using var app = ServerApplication
            .CreateBuilder(new Dictionary<string, string?> { ["UniqueRandom:Database"] = directory.Database })
            .AddPools()
            .Build();
        app.MapRoutes();
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>();
        var routes = endpoints.SelectMany(
            endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods,
            (endpoint, method) => (Method: method, Route: endpoint.RoutePattern.RawText!)).ToArray();
        var before = await server.DescribePoolsAsync();

        var answered = new List<string>();
        foreach (var (method, route) in routes)
        {
            var path = route
                .Replace("{pool}", "default", StringComparison.Ordinal)
                .Replace("{number}", "1", StringComparison.Ordinal)
                .Replace("{code}", "1", StringComparison.Ordinal);
            if (await StatusOfCrossSiteAsync(method, path) != 403)
                answered.Add($"{method} {route}");
        }

        Assert.Equal(ReadOnlyRoutes.Order(), answered.Order());
        Assert.Equal(Changes.Length, routes.Length - answered.Count);
        Assert.Equal(before, await server.DescribePoolsAsync());
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: Same-Origin")]
    [InlineData("Sec-Fetch-Site: same-origin, cross-site")]
    [InlineData("Sec-Fetch-Site: junk")]
    [InlineData("Sec-Fetch-Site:")]
    [InlineData("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: same-origin")]
    // Sec-Fetch-Site takes precedence over Origin.
    [InlineData("Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost")]
    [InlineData("Origin: http://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin:")]
    [InlineData("Origin: localhost")]
    [InlineData("Origin: ://localhost")]
    [InlineData("Origin: http://localhost:8000")]
    [InlineData("Origin: http://localhost/")]
    [InlineData("Origin: http://localhost.evil.example")]
    [InlineData("Origin: http://localhost@evil.example")]
    [InlineData("Origin: http://localhost\r\nOrigin: http://localhost")]
    public async Task Requests_of_other_sites_draw_and_change_nothing(string headers)
    {
        var before = await server.DescribePoolsAsync();

        foreach (var (method, path, body) in Changes.Append(("GET", Routed, "")))
        {
            var answer = await SendAsync(method, path, $"{headers}\r\n{Json}", body);
            if (method == "HEAD")
                Assert.Equal((403, ""), (answer.Status, answer.Text));
            else
                answer.Problem(403, "cross-site");
        }

        Assert.Equal(before, await server.DescribePoolsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("Sec-Fetch-Site: same-origin\r\nOrigin: https://behind.a.proxy")]
    [InlineData("Origin: http://localhost")]
    [InlineData("Origin: https://LOCALHOST")]
    [InlineData("Origin: http://localhost:80")]
    [InlineData("Origin: https://localhost:443")]
    public async Task Pages_of_the_server_and_programs_can_draw_and_change(string headers)
    {
        var pool = await server.CreatePoolAsync(9);
        var lines = headers.Length == 0 ? "" : $"{headers}\r\n";

        (await SendAsync("GET", "/random", lines, "")).Success(200);
        (await SendAsync("GET", "/pools/default/codes/1", lines, "")).Problem(404, "no-codes");
        (await SendAsync("GET", Routed, lines, "")).Success(200);
        (await SendAsync("GET", $"/pools/{pool}/random", lines, "")).Success(200);
        Assert.Equal(200, (await SendAsync("HEAD", $"/pools/{pool}/random", lines, "")).Status);
        (await SendAsync("POST", $"/pools/{pool}/draws", lines + Json, """{"count":2}""")).Success(201);
        (await SendAsync("PUT", $"/pools/{pool}", lines + Json, """{"minimum":1,"maximum":9}""")).Success(200);
        var closed = (await SendAsync("POST", $"/pools/{pool}/close", lines, "")).Success(200);
        Assert.Equal(3, closed.GetProperty("drawn").GetInt32());
    }

    [Theory]
    [InlineData("localhost:8000", "http://localhost:8000", true)]
    [InlineData("localhost:8000", "http://localhost:8001", false)]
    [InlineData("localhost:443", "https://localhost", true)]
    [InlineData("[::1]:8000", "http://[::1]:8000", true)]
    [InlineData("[::1]", "http://[::1]:80", true)]
    [InlineData("[::1]", "http://[::1]:8000", false)]
    [InlineData("127.0.0.1", "http://localhost", false)]
    public async Task The_origin_must_match_the_host_and_port_of_the_request(string host, string origin, bool isDrawn)
    {
        foreach (var path in new[] { "/random", Routed })
        {
            var head = $"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n";

            var answer = (await RawHttp.SendAsync(server.Address, Encoding.ASCII.GetBytes(head)))!;

            Assert.Equal(isDrawn ? 200 : 403, answer.Status);
        }
    }

    [Fact]
    public async Task A_key_does_not_allow_other_sites()
    {
        using var directory = new TemporaryDirectory();
        var office = new KeyHolder("office", "draw,admin");
        await using var keyed = await ServerProcess.StartAsync(directory, KeyHolder.Environment(office));
        var key = $"Authorization: Bearer {office.Key}\r\n";

        foreach (var (method, path, body) in Changes.Where(change => change.Method != "HEAD"))
        {
            foreach (var site in (string[])["Sec-Fetch-Site: cross-site\r\n", "Origin: http://evil.example\r\n"])
            {
                foreach (var authorization in (string[])[key, ""])
                {
                    var headers = authorization + site + Json;
                    var answer = await RawHttp.SendAsync(keyed.Address, method, path, headers, Encoding.UTF8.GetBytes(body));
                    answer!.Problem(403, "cross-site");
                }
            }
        }

        var pools = (await RawHttp.SendAsync(keyed.Address, "GET", "/pools", key, []))!.Success(200).GetProperty("pools");
        var pool = Assert.Single(pools.EnumerateArray());
        Assert.Equal(("open", 0), (pool.GetProperty("state").GetString(), pool.GetProperty("drawn").GetInt32()));
        (await RawHttp.SendAsync(keyed.Address, "GET", "/random", key, []))!.Success(200);
    }

    /// <summary>Sends a cross-site request, and doesn't read the body, which may be an endless stream.</summary>
    private async Task<int> StatusOfCrossSiteAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var response = await server.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    private async Task<ApiAnswer> SendAsync(string method, string path, string headers, string body) =>
        (await RawHttp.SendAsync(server.Address, method, path, headers, Encoding.UTF8.GetBytes(body)))!;
}
