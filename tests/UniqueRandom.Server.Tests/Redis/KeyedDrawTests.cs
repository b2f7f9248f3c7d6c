using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>UR.DRAW: a key is one draw, over both protocols.</summary>
public sealed class KeyedDrawTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    [Theory]
    [InlineData(2, ":0", ":1")]
    [InlineData(3, "#f", "#t")]
    public async Task The_same_key_gets_the_same_numbers_and_is_told_so(int version, string isDrawn, string isReplayed)
    {
        var pool = await server.CreatePoolAsync(10);
        using var client = await server.ConnectAsync(version);
        var first = await client.CallAsync("UR.DRAW", pool, "3", $"key-{version}", "order 4711 – 🎲");
        Assert.Equal((3, isDrawn), (first.Items![0].Numbers.Distinct().Count(), $"{first.Items[1]}"));

        var second = await client.CallAsync("ur.draw", pool, "3", $"key-{version}", "order 4711 – 🎲");

        Assert.Equal($"*[{first.Items[0]}, {isReplayed}]", $"{second}");
        var line = Assert.Single((await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines);
        Assert.Equal(first.Items[0].Numbers, line.Numbers());
        Assert.Equal("order 4711 – 🎲", line.GetProperty("reference").GetString());
        Assert.Equal(":7", $"{await client.CallAsync("SCARD", pool)}");
    }

    [Fact]
    public async Task A_key_that_belongs_to_another_draw_is_a_conflict()
    {
        var (pool, other) = (await server.CreatePoolAsync(10), await server.CreatePoolAsync(10));
        using var client = await server.ConnectAsync();
        Assert.Equal('*', (await client.CallAsync("UR.DRAW", pool, "2", "conflict", "a")).Type);

        (await client.CallAsync("UR.DRAW", pool, "3", "conflict", "a")).Error("ERR key-conflict: ");
        (await client.CallAsync("UR.DRAW", pool, "2", "conflict", "b")).Error("ERR key-conflict: ");
        (await client.CallAsync("UR.DRAW", pool, "2", "conflict")).Error("ERR key-conflict: ");
        (await client.CallAsync("UR.DRAW", other, "2", "conflict", "a")).Error("ERR key-conflict: ");

        Assert.Equal((2, 0), (await server.Client.DrawnAsync(pool), await server.Client.DrawnAsync(other)));
    }

    [Fact]
    public async Task Retries_in_one_pipeline_are_one_draw()
    {
        var pool = await server.CreatePoolAsync(10);
        using var client = await server.ConnectAsync();

        await client.SendAsync(RespClient.Repeat(50, "UR.DRAW", pool, "2", "pipeline"));

        var answers = await client.NextAsync(50);
        Assert.Single(answers, answer => $"{answer.Items![1]}" == ":0");
        Assert.Single(answers.Select(answer => $"{answer.Items![0]}").Distinct());
        Assert.Equal(2, await server.Client.DrawnAsync(pool));
    }

    [Fact]
    public async Task A_key_replays_what_was_drawn_over_the_other_protocol()
    {
        var pool = await server.CreatePoolAsync(10);
        using var client = await server.ConnectAsync(3);
        var draw = (await server.Client.DrawAsync(pool, 2, "order", "from-http")).Success(201);
        var replay = await client.CallAsync("UR.DRAW", pool, "2", "from-http", "order");
        Assert.Equal(draw.Numbers(), replay.Items![0].Numbers);
        Assert.Equal("#t", $"{replay.Items[1]}");

        var one = await client.CallAsync("UR.DRAW", pool, "1", "from-redis");
        var answer = await server.Client.FetchAsync($"/pools/{pool}/random", "from-redis");
        Assert.Equal("true", answer.Headers["Idempotency-Replayed"]);
        Assert.Equal(one.Items![0].Numbers.Single(), answer.Success(200).GetProperty("number").GetInt64());
        Assert.Equal(3, await server.Client.DrawnAsync(pool));
    }

    [Fact]
    public async Task A_key_belongs_to_the_caller_whose_access_key_is_used()
    {
        using var directory = new TemporaryDirectory();
        KeyHolder shop = new("shop", "draw"), till = new("till", "draw");
        await using var redis = await RedisProcess.StartAsync(
            directory, KeyHolder.Environment(shop, till), "--maximum", "10");
        using var client = await redis.ConnectAsync();
        var numbers = new List<string>();
        foreach (var holder in (KeyHolder[])[shop, till, shop])
        {
            Assert.Equal("+OK", $"{await client.CallAsync("AUTH", holder.Key)}");
            numbers.Add($"{await client.CallAsync("UR.DRAW", "default", "1", "key")}");
        }

        Assert.NotEqual(numbers[0], numbers[1]);
        Assert.Equal(numbers[0].Replace(":0]", ":1]", StringComparison.Ordinal), numbers[2]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/random");
        request.Headers.Add("Authorization", $"Bearer {shop.Key}");
        request.Headers.Add("Idempotency-Key", "key");
        var answer = await redis.Server.Client.SendRequestAsync(request);
        Assert.Equal($"*[*[${answer.Success(200).GetProperty("number")}], :1]", numbers[2]);
    }

    [Theory]
    [InlineData("", "x", "key must have 1 to 255 visible ASCII characters")]
    [InlineData("a b", "x", "key must have 1 to 255 visible ASCII characters")]
    [InlineData("ü", "x", "key must have 1 to 255 visible ASCII characters")]
    [InlineData("key", "", "reference must have 1 to ")]
    [InlineData("key", "a\nb", "reference must have 1 to ")]
    [InlineData("key", "a\0", "reference must have 1 to ")]
    [InlineData("key", "\ufffd", "reference must have 1 to ")]
    public async Task A_key_or_a_reference_that_is_not_allowed_draws_nothing(string key, string reference, string rule)
    {
        var before = await server.DescribePoolsAsync();
        using var client = await server.ConnectAsync();

        (await client.CallAsync("UR.DRAW", "default", "1", key, reference)).Error($"ERR invalid-request: {rule}");
        (await client.CallAsync("UR.DRAW", "default", "1", new string('k', 256))).Error("ERR invalid-request: key must");
        await client.SendAsync(
            (byte[])[.. "*5\r\n$7\r\nUR.DRAW\r\n$7\r\ndefault\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\n"u8, 0xFF, .. "\r\n"u8]);
        (await client.NextAsync()).Error("ERR invalid-request: reference must");

        Assert.Equal(before, await server.DescribePoolsAsync());
    }
}
