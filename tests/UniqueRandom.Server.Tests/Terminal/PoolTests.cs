using System.Text.Json;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>The verbs for pools and numbers.</summary>
public sealed class PoolTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Pools_are_listed_with_a_line_for_each()
    {
        var pool = await server.CreatePoolAsync(1234);
        await server.Client.DrawAsync(pool, 34);

        var lines = (await RunAsync("pools")).Done();

        Assert.StartsWith("Pool ", lines[0]);
        var line = Assert.Single(lines, line => line.StartsWith(pool, StringComparison.Ordinal));
        Assert.Equal([pool, "1..1234", "open", "1,200", "97.2"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..5]);
    }

    [Fact]
    public async Task JSON_is_that_of_the_routes()
    {
        var pool = await server.CreatePoolAsync(20);
        var drawn = (await server.Client.DrawAsync(pool, 3, "a \"b\"", "k")).Success(201).Numbers()[1];
        await server.Client.ClosePoolAsync(pool);

        await AssertSameAsync($"/pools/{pool}", "show", pool);
        await AssertSameAsync($"/pools/{pool}/numbers/{drawn}", "lookup", pool, $"{drawn}");
        var pools = JsonElement.Parse(Assert.Single((await RunAsync("pools", "--json")).Done()));
        Assert.Contains(pools.EnumerateArray(), listed => listed.GetProperty("pool").GetString() == pool);
    }

    [Fact]
    public async Task A_created_pool_is_open_when_it_is_shown()
    {
        var lines = (await RunAsync("create", "large", "--minimum", "-5", "--maximum", "3000000")).Done();

        Assert.Equal("open", Value(lines, "State"));
        Assert.Equal("-5..3000000 (3,000,006 numbers)", Value(lines, "Range"));
        Assert.Equal(64, Value(lines, "Commitment").Length);
        Assert.Equal(lines, (await RunAsync("create", "large", "--minimum", "-5", "--maximum", "3000000")).Done());
        Assert.Contains("can't be changed", (await RunAsync("create", "large", "--maximum", "7")).Failed(3));
    }

    [Fact]
    public async Task A_pool_is_shown_in_each_state()
    {
        var pool = await server.CreatePoolAsync(3);
        await server.Client.DrawAsync(pool, 3);

        var lines = (await RunAsync("show", pool)).Done();

        Assert.Equal("exhausted", Value(lines, "State"));
        Assert.Equal("3 (100.0 %)", Value(lines, "Drawn"));
        Assert.Equal(64, Value(lines, "Seed").Length);
        Assert.DoesNotContain(lines, line => line.StartsWith("Closed at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_that_is_not_drawn_has_an_exit_code_of_its_own()
    {
        var pool = await server.CreatePoolAsync(1);
        var run = await RunAsync("lookup", pool, "1");
        Assert.Equal((1, "1 is not drawn."), (run.ExitCode, Assert.Single(run.Output)));

        await server.Client.DrawAsync(pool, 1, "order-4711");
        var lines = (await RunAsync("lookup", pool, "1")).Done();
        Assert.Equal("order-4711", Value(lines, "Reference"));
        Assert.Equal("no", Value(lines, "Key"));
        Assert.Contains("does not include -1", (await RunAsync("lookup", pool, "-1")).Failed(3));
    }

    [Fact]
    public async Task Codes_are_drawn_looked_up_and_exported()
    {
        var created = (await RunAsync(
            "create", "vouchers", "--code", "crockford32", "--code-length", "10", "--code-prefix", "XMAS-", "--code-group", "5",
            "--code-check")).Done();
        Assert.StartsWith(
            "XMAS-#####-#####-# of crockford32, the last character is a check symbol; "
                + "from XMAS-00000-00000-1 to XMAS-ZZZZZ-ZZZZZ-",
            Value(created, "Codes"));
        Assert.Equal("0..1125899906842623 (1,125,899,906,842,624 numbers)", Value(created, "Range"));
        Assert.Equal("computed", Value(created, "Order"));
        var codes = (await RunAsync("draw", "vouchers", "--count", "3", "--reference", "order-4711")).Done();
        Assert.All(codes, code => Assert.Matches("^XMAS-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]$", code));
        Assert.Equal("375,299,968,947,541", Value((await RunAsync("show", "vouchers")).Done(), "Guesses per hit"));

        var lines = (await RunAsync("lookup", "vouchers", codes[1].ToLowerInvariant())).Done();
        Assert.Equal((codes[1], "order-4711"), (Value(lines, "Code"), Value(lines, "Reference")));
        await AssertSameAsync($"/pools/vouchers/codes/{codes[1]}", "lookup", "vouchers", codes[1]);
        Assert.Equal(codes[1], Value((await RunAsync("lookup", "vouchers", Value(lines, "Number"), "--number")).Done(), "Code"));
        Assert.Contains("can't have this code", (await RunAsync("lookup", "vouchers", codes[1][..^1])).Failed(3));
        Assert.Contains("can't have this code", (await RunAsync("lookup", "vouchers", "a/b")).Failed(3));
        Assert.Contains("'..' is not a code of the pool", (await RunAsync("lookup", "vouchers", "..")).Failed(2));
        var run = await RunAsync("lookup", "vouchers", "XMAS-00000-00000-1");
        Assert.Equal((1, "XMAS-00000-00000-1 of the pool 'vouchers' was not issued."), (run.ExitCode, Assert.Single(run.Output)));
        Assert.Contains("'x' must be an integer, unless", (await RunAsync("lookup", "default", "x")).Failed(2));

        var log = (await RunAsync("export", "vouchers", "--format", "csv")).Done();
        Assert.Equal(codes, log.Skip(1).Select(row => row.Split(',')[2]));
    }

    [Fact]
    public async Task The_first_and_the_last_code_show_what_the_alphabet_is()
    {
        var created = (await RunAsync("create", "literal", "--code", "numbers", "--code-length", "6")).Done();
        Assert.Equal("###### of numbers; from nnnnnn to ssssss", Value(created, "Codes"));
        Assert.Equal(Value(created, "Codes"), Value((await RunAsync("show", "literal")).Done(), "Codes"));
    }

    private static string Value(IReadOnlyList<string> lines, string name) =>
        Assert.Single(lines, line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();

    private async Task AssertSameAsync(string path, params string[] arguments)
    {
        var expected = (await server.Client.FetchAsync(path)).Success(200);
        var shown = JsonElement.Parse(Assert.Single((await RunAsync([.. arguments, "--json"])).Done()));
        Assert.True(JsonElement.DeepEquals(expected, shown), $"{expected}\n{shown}");
    }

    private Task<Run> RunAsync(params string[] arguments) => Run.OfAsync(server.Address, arguments);
}
