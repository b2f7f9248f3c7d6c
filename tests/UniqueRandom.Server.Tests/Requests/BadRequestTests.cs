using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Requests;

/// <summary>
/// Invalid paths, queries, headers, methods and content types are refused by name, and nothing is drawn, created or
/// closed.
/// </summary>
public sealed class BadRequestTests(ApiServer server) : IClassFixture<ApiServer>, IAsyncLifetime
{
    private static readonly (string Method, string Path, string? Body)[] PoolRoutes =
    [
        ("GET", "", null), ("PUT", "", """{"minimum":1,"maximum":2}"""), ("POST", "/close", null), ("GET", "/random", null),
        ("POST", "/extend", """{"maximum":2000}"""),
        ("POST", "/draws", """{"count":1}"""), ("GET", "/draws", null), ("GET", "/numbers/1", null),
    ];

    private readonly HttpClient client = server.Client;
    private string before = "";

    public async ValueTask InitializeAsync() => before = await server.DescribePoolsAsync();

    public async ValueTask DisposeAsync() => Assert.Equal(before, await server.DescribePoolsAsync());

    [Theory]
    [InlineData("Upper")]
    [InlineData("with%20space")]
    [InlineData("%20")]
    [InlineData("dot.dot")]
    [InlineData("%C3%BC")]
    [InlineData("%FF")]
    [InlineData("%ED%A0%80")]
    [InlineData("%F0%9F%8E%B2")]
    [InlineData("a%2Fb")]
    [InlineData("a%5Cb")]
    [InlineData("a%0Ab")]
    [InlineData("default%20")]
    [InlineData("default;x")]
    [InlineData("*")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task An_invalid_pool_name_is_refused_by_every_route(string name)
    {
        foreach (var (method, path, body) in PoolRoutes)
            (await client.SendRequestAsync(method, $"/pools/{name}{path}", body)).Invalid("pool");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("\"ü\"")]
    [InlineData("🎲")]
    [InlineData("xxxxxxxxxx", 26)]
    [InlineData("x", 256)]
    [InlineData("one\r\nIdempotency-Key: one")]
    [InlineData("one\r\nidempotency-key: two")]
    public async Task An_invalid_key_is_refused_by_every_route_that_draws(string key, int times = 1)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(key, times)));
        var header = $"Idempotency-Key: {Encoding.Latin1.GetString(bytes)}\r\n";
        (await RawHttp.SendAsync(server.Address, "GET", "/random", header, []))!.Invalid("Idempotency-Key");
        (await RawHttp.SendAsync(server.Address, "GET", "/pools/default/random", header, []))!.Invalid("Idempotency-Key");
        (await RawHttp.SendAsync(
                server.Address, "POST", "/pools/default/draws", header + "Content-Type: application/json\r\n",
                """{"count":1}"""u8))!
            .Invalid("Idempotency-Key");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("%201")]
    [InlineData("%D9%A1")]
    [InlineData("1%00")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999")]
    [InlineData("1&after=1")]
    public async Task An_invalid_position_is_refused(string after) =>
        (await client.FetchAsync($"/pools/default/draws?after={after}")).Invalid("after");

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("%201")]
    [InlineData("%D9%A1")]
    [InlineData("1%00")]
    [InlineData("1001")]
    [InlineData("99999999999999999999")]
    [InlineData("1&limit=1")]
    public async Task An_invalid_limit_is_refused(string limit) =>
        (await client.FetchAsync($"/pools?limit={limit}")).Invalid("limit");

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("a%00")]
    [InlineData("a%20b")]
    [InlineData("%C3%BC")]
    [InlineData("a&after=a")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task An_invalid_name_is_refused(string after) =>
        (await client.FetchAsync($"/pools?after={after}")).Invalid("after");

    [Theory]
    [InlineData("x")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("0x1")]
    [InlineData("1,000")]
    [InlineData("%201")]
    [InlineData("--1")]
    [InlineData("%D9%A1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    public async Task An_invalid_number_is_refused(string number) =>
        (await client.FetchAsync($"/pools/default/numbers/{number}")).Invalid("number");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application")]
    [InlineData("text/plain")]
    [InlineData("application/jsonx")]
    [InlineData("application/problem+json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=\"utf-16\"")]
    [InlineData("application/json, application/json")]
    [InlineData("application/json\r\nContent-Type: application/json")]
    public async Task A_body_that_is_not_declared_as_JSON_is_refused(string? type)
    {
        var header = type is null ? "" : $"Content-Type: {type}\r\n";
        (await RawHttp.SendAsync(server.Address, "POST", "/pools/default/draws", header, """{"count":1}"""u8))!.Problem(
            415, "unsupported-media-type");
        var problem = (await RawHttp.SendAsync(
            server.Address, "PUT", "/pools/never", header, """{"minimum":1,"maximum":2}"""u8))!.Problem(
            415, "unsupported-media-type");
        Assert.Equal(
            "Send UTF-8 with Content-Type: application/json, or application/x-ndjson to import numbers.",
            problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/random", "POST PUT DELETE PATCH OPTIONS TRACE JUNK", "GET, HEAD")]
    [InlineData("/pools/default/random", "POST PUT DELETE PATCH OPTIONS TRACE JUNK", "GET, HEAD")]
    [InlineData("/pools/default/draws", "PUT DELETE PATCH OPTIONS HEAD JUNK", "GET, POST")]
    [InlineData("/pools", "POST PUT DELETE PATCH OPTIONS HEAD JUNK", "GET")]
    [InlineData("/pools/default", "POST DELETE PATCH OPTIONS HEAD JUNK", "GET, PUT")]
    [InlineData("/pools/default/close", "GET PUT DELETE PATCH OPTIONS HEAD JUNK", "POST")]
    [InlineData("/pools/default/extend", "GET PUT DELETE PATCH OPTIONS HEAD JUNK", "POST")]
    [InlineData("/pools/default/numbers/1", "POST PUT DELETE PATCH OPTIONS HEAD JUNK", "GET")]
    [InlineData("/health", "POST PUT DELETE PATCH OPTIONS HEAD JUNK", "GET")]
    public async Task An_unsupported_method_is_refused_with_the_supported_ones(
        string path, string methods, string allowed)
    {
        foreach (var method in methods.Split(' '))
        {
            var answer = await client.SendRequestAsync(
                method, path, method is "POST" or "PUT" or "PATCH" ? """{"count":1}""" : null);
            if (method != "HEAD")
                answer.Problem(405, "method-not-allowed");
            Assert.Equal((405, allowed), (answer.Status, string.Join(", ", answer.Headers["Allow"].Split(", ").Order())));
        }
    }

    [Theory]
    [InlineData("/pools/default/draws/1")]
    [InlineData("/pools/default/numbers")]
    [InlineData("/pools/default/numbers/1/2")]
    [InlineData("/pools/default/random/x")]
    [InlineData("/pools//random")]
    [InlineData("/random/1")]
    [InlineData("/%F0%9F%8E%B2")]
    public async Task An_unknown_path_is_not_found(string path) => (await client.FetchAsync(path)).Problem(404, "not-found");
}
