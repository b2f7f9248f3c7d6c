using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>SPOP and SCARD.</summary>
public sealed class PopTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    [Theory]
    [InlineData(2, "$nil", '*')]
    [InlineData(3, "_nil", '~')]
    public async Task SPOP_draws_each_number_once_and_answers_nil_when_there_are_none(int version, string nil, char set)
    {
        var pool = await server.CreatePoolAsync(20);
        using var client = await server.ConnectAsync(version);
        var numbers = new List<long>();
        for (var left = 20; left > 10; left--)
        {
            Assert.Equal($":{left}", $"{await client.CallAsync("SCARD", pool)}");
            numbers.Add((await client.CallAsync("SPOP", pool)).Number);
        }

        var several = await client.CallAsync("spop", pool, "9");
        Assert.Equal(set, several.Type);
        numbers.AddRange(several.Numbers);
        var last = await client.CallAsync("SPOP", pool, "1");
        Assert.Equal(set, last.Type);
        numbers.AddRange(last.Numbers);

        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), numbers.Order());
        Assert.Equal(numbers, (await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0));
        Assert.Equal(nil, $"{await client.CallAsync("SPOP", pool)}");
        Assert.Equal(":0", $"{await client.CallAsync("SCARD", pool)}");
    }

    [Fact]
    public async Task SPOP_with_a_count_draws_exactly_as_many_or_none()
    {
        var pool = await server.CreatePoolAsync(10);
        using var client = await server.ConnectAsync(3);
        Assert.Equal(4, (await client.CallAsync("SPOP", pool, "4")).Numbers.Distinct().Count());

        Assert.Equal(
            $"-ERR pool-exhausted: The pool '{pool}' has 6 of its 10 numbers left, fewer than requested. Nothing was drawn; "
            + "draw from another pool, or extend this one, unless it is being extended.",
            $"{await client.CallAsync("SPOP", pool, "7")}");
        Assert.Equal(4, await server.Client.DrawnAsync(pool));
        Assert.Equal(6, (await client.CallAsync("SPOP", pool, "6")).Numbers.Distinct().Count());
        (await client.CallAsync("SPOP", pool, "1")).Error($"ERR pool-exhausted: The pool '{pool}' has 0 of its 10 numbers left");
    }

    [Fact]
    public async Task Codes_are_drawn_in_place_of_numbers()
    {
        const string definition = """{"code":{"alphabet":"digits","length":8,"prefix":"N","group":4}}""";
        (await server.Client.DefinePoolAsync("codes", definition)).Success(201);
        using var client = await server.ConnectAsync(3);
        string[] drawn =
        [
            (await client.CallAsync("SPOP", "codes")).Text!,
            .. (await client.CallAsync("SPOP", "codes", "2")).Items!.Select(code => code.Text!),
            .. (await client.CallAsync("UR.DRAW", "codes", "2", "key-of-codes")).Items![0].Items!.Select(code => code.Text!),
        ];

        Assert.All(drawn, code => Assert.Matches("^N[0-9]{4}-[0-9]{4}$", code));
        var lines = (await server.Client.FetchAsync("/pools/codes/draws")).Lines;
        Assert.Equal(
            lines.SelectMany(line => line.GetProperty("codes").EnumerateArray().Select(code => code.GetString())), drawn);
    }

    [Fact]
    public async Task Ten_thousand_numbers_can_be_drawn_at_once()
    {
        var pool = await server.CreatePoolAsync(30_000);
        using var client = await server.ConnectAsync();
        for (var i = 0; i < 3; i++)
            await client.SendAsync(RespClient.Encode("SPOP", pool, "10000"));
        var numbers = (await client.NextAsync(3)).SelectMany(answer => answer.Numbers).ToArray();
        Assert.Equal(Enumerable.Range(1, 30_000).Select(number => (long)number), numbers.Order());
        Assert.Equal(numbers, (await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("10001")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("1.0")]
    [InlineData("1e1")]
    [InlineData("one")]
    public async Task A_count_that_is_not_allowed_is_refused_and_draws_nothing(string count)
    {
        var before = await server.DescribePoolsAsync();
        using var client = await server.ConnectAsync();
        const string error = "-ERR invalid-request: count must be an integer from 1 to 10000. Nothing was changed or drawn.";

        Assert.Equal(error, $"{await client.CallAsync("SPOP", "default", count)}");
        Assert.Equal(error, $"{await client.CallAsync("UR.DRAW", "default", count, "key")}");

        Assert.Equal(before, await server.DescribePoolsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Default")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("default\0")]
    public async Task A_name_that_no_pool_can_have_is_refused(string pool)
    {
        using var client = await server.ConnectAsync();
        await AssertAsync(client, pool, "ERR invalid-request: The name of a pool has 1 to 64 characters of a-z, 0-9, - and _.");
        await AssertAsync(client, pool + new string('x', 65), "ERR invalid-request: The name of a pool");
    }

    [Fact]
    public async Task An_unknown_pool_and_a_closed_one_are_errors()
    {
        var pool = await server.CreatePoolAsync(5);
        using var client = await server.ConnectAsync();
        await AssertAsync(client, "nowhere", "ERR pool-not-found: There is no pool 'nowhere'. Check the name.");

        (await server.Client.ClosePoolAsync(pool)).Success(200);

        await AssertAsync(
            client, pool, $"ERR pool-closed: The pool '{pool}' is closed permanently. Use another pool.");
    }

    private static async Task AssertAsync(RespClient client, string pool, string error)
    {
        (await client.CallAsync("SPOP", pool)).Error(error);
        (await client.CallAsync("SPOP", pool, "2")).Error(error);
        (await client.CallAsync("UR.DRAW", pool, "2", "key")).Error(error);
        (await client.CallAsync("SCARD", pool)).Error(error);
    }
}
