using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Hosting;

/// <summary>At the level Debug each refused request and command has one line with its reason, and none has a secret.</summary>
public sealed class RefusalLogTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Each_refused_request_has_one_line()
    {
        await using var redis = await StartAsync();
        var client = redis.Server.Client;
        (await client.FetchAsync("/random")).Expect(401);
        (await shop.SendAsync(client, HttpMethod.Get, "/pools/default/draws")).Problem(403, "forbidden");
        (await shop.SendAsync(client, HttpMethod.Get, "/pools/missing/random")).Problem(404, "pool-not-found");
        (await shop.SendAsync(client, HttpMethod.Get, "/nowhere")).Expect(404);
        (await shop.SendAsync(client, HttpMethod.Post, "/pools/default/draws")).Expect(415);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        (await shop.DrawAsync(redis.Server)).Problem(403, "cross-site");

        await AssertLoggedAsync(
            redis,
            "GET /random was refused with 401: A valid key is required. ",
            "GET /pools/default/draws was refused with 403: The key does not have the required role. The key 'shop' ",
            "GET /pools/missing/random was refused with 404: The pool does not exist. There is no pool 'missing'.",
            "GET /nowhere was refused with 404: The route does not exist. ",
            "POST /pools/default/draws was refused with 415: The body is not JSON. ",
            "GET /random was refused with 403: Pages of other sites may not do this. ");
    }

    [Fact]
    public async Task Each_refused_command_has_one_line()
    {
        await using var redis = await StartAsync();
        using (var client = await redis.ConnectAsync())
        {
            (await client.CallAsync("SPOP", "default")).Error("NOAUTH");
            (await client.CallAsync("AUTH", $"{shop.Key}x")).Error("WRONGPASS");
            Assert.Equal("+OK", $"{await client.CallAsync("AUTH", shop.Key)}");
            (await client.CallAsync(shop.Key, "x")).Error("ERR unknown command");
            (await client.CallAsync("a\r\n-b")).Error("ERR unknown command");
            (await client.CallAsync("SPOP", "missing")).Error("ERR pool-not-found");
            (await client.CallAsync("SCARD", "missing")).Error("ERR pool-not-found");
        }

        using var browser = await redis.ConnectAsync();
        await browser.SendAsync("GET /"u8.ToArray());
        Assert.StartsWith("-ERR Protocol error", await browser.ReceiveToEndAsync(), StringComparison.Ordinal);

        const string refused = "A command over the Redis protocol was refused: ";
        await AssertLoggedAsync(
            redis,
            $"{refused}NOAUTH unauthorized: A valid key is required.",
            $"{refused}WRONGPASS unauthorized: The key is unknown, or has another name.",
            $"{refused}ERR unknown command '{shop.Key[..24]}'. ",
            $"{refused}ERR unknown command 'a  -b'. ",
            $"{refused}ERR pool-not-found: There is no pool 'missing'.",
            $"{refused}ERR pool-not-found: There is no pool 'missing'.",
            $"{refused}ERR Protocol error: expected '*'");
    }

    private Task<RedisProcess> StartAsync()
    {
        var environment = KeyHolder.Environment(shop);
        environment.Add("Serilog__MinimumLevel__Default", "Debug");
        return RedisProcess.StartAsync(directory, environment, "--maximum", "10");
    }

    private async Task AssertLoggedAsync(RedisProcess redis, params string[] expected)
    {
        Assert.Equal(0, await redis.Server.StopAsync());
        var lines = redis.Server.Output.Where(line => line.Contains(" was refused", StringComparison.Ordinal)).ToArray();
        Assert.Equal(expected.Length, lines.Length);
        Assert.All(expected.Zip(lines), pair => Assert.Contains($" DBG {pair.First}", pair.Second, StringComparison.Ordinal));
        Assert.DoesNotContain(redis.Server.Output, line => line.Contains(shop.Key, StringComparison.Ordinal));
    }
}
