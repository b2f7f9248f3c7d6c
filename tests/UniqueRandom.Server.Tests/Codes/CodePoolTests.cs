using System.Text.Json;
using UniqueRandom.Codes;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Codes;

/// <summary>Pools whose numbers are written as codes, over HTTP.</summary>
public sealed class CodePoolTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Xmas =
        """{"code":{"alphabet":"crockford32","length":10,"prefix":"XMAS-","group":5,"check":true}}""";

    private static readonly CodeFormat Format = new("crockford32", 10, "XMAS-", group: 5, check: true);

    private readonly HttpClient client = server.Client;

    [Fact]
    public async Task A_pool_has_all_codes_and_a_computed_order()
    {
        var status = (await client.DefinePoolAsync("xmas", Xmas)).Success(201);
        Assert.Equal(
            (0, Format.MaximumNumber, "computed", "open", false),
            (status.GetProperty("minimum").GetInt64(), status.GetProperty("maximum").GetInt64(),
                status.GetProperty("order").GetString(), status.GetProperty("state").GetString(),
                status.TryGetProperty("guessesPerHit", out _)));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Xmas).GetProperty("code"), status.GetProperty("code")));

        (await client.DefinePoolAsync("xmas", Xmas)).Success(200);
        var easter = Xmas.Replace("XMAS", "EASTER", StringComparison.Ordinal);
        (await client.DefinePoolAsync("xmas", easter)).Problem(409, "pool-exists");
        var problem = (await client.CreatePoolAsync("xmas", 0, Format.MaximumNumber, "computed")).Problem(409, "pool-exists");
        Assert.Contains(
            "codes like XMAS-#####-#####-# of crockford32, the last character is a check symbol, which can't be changed",
            problem.GetProperty("detail").GetString());

        (await client.DrawAsync("xmas", 1000)).Success(201);
        Assert.Equal(1_125_899_906_842, (await client.StatusAsync("xmas")).GetProperty("guessesPerHit").GetInt64());
    }

    [Theory]
    [InlineData("small", "", 0, 9999)]
    [InlineData("told", ",\"maximum\":9,\"order\":\"stored\"", 0, 9)]
    [InlineData("shifted", ",\"minimum\":1000,\"maximum\":1999", 1000, 1999)]
    [InlineData("behind", ",\"minimum\":9000,\"maximum\":null,\"order\":null", 9000, 9999)]
    public async Task A_small_range_is_stored(string pool, string more, long minimum, long maximum)
    {
        var status = (await client.DefinePoolAsync(
            pool, $$"""{"code":{"alphabet":"digits","length":4}{{more}}}""")).Success(201);
        Assert.Equal(
            ("stored", minimum, maximum),
            (status.GetProperty("order").GetString(), status.GetProperty("minimum").GetInt64(),
                status.GetProperty("maximum").GetInt64()));
    }

    [Fact]
    public async Task Each_draw_answers_the_code_of_each_number()
    {
        (await client.DefinePoolAsync("drawn", Xmas)).Success(201);
        var one = (await client.FetchAsync("/pools/drawn/random")).Success(200);
        Assert.Equal(Format.Write(one.GetProperty("number").GetInt64()), one.GetProperty("code").GetString());

        var many = (await client.DrawAsync("drawn", 300, "order-1", "key-1")).Success(201);
        var codes = many.GetProperty("codes").EnumerateArray().Select(code => code.GetString()).ToList();
        Assert.Equal(many.Numbers().Select(Format.Write), codes);
        Assert.Equal(300, codes.Distinct().Count());
        var replay = (await client.DrawAsync("drawn", 300, "order-1", "key-1")).Success(201);
        Assert.Equal(codes, replay.GetProperty("codes").EnumerateArray().Select(code => code.GetString()));
        Assert.False((await client.FetchAsync("/random")).Success(200).TryGetProperty("code", out _));
        Assert.False((await client.StatusAsync("default")).TryGetProperty("code", out _));

        var line = (await client.FetchAsync("/pools/drawn/draws?after=0")).Lines.Single();
        Assert.Equal(codes, line.GetProperty("codes").EnumerateArray().Select(code => code.GetString()));
        var rows = (await client.FetchAsync("/pools/drawn/draws?after=0", accept: "text/csv")).Text.Split("\r\n");
        Assert.Equal("position,number,code,drawnAt,reference,caller,keyed", rows[0]);
        Assert.Equal(many.Numbers().Zip(codes, (number, code) => $"{number},{code}"), rows[1..^1].Select(
            row => string.Join(',', row.Split(',')[1..3])));
    }

    [Fact]
    public async Task Codes_of_any_characters_are_well_formed_JSON_and_CSV()
    {
        var format = new CodeFormat("\"\\<,;=", 8, "=\"'", check: true);
        (await client.DefinePoolAsync(
            "odd", """{"code":{"alphabet":"\"\\<,;=","length":8,"prefix":"=\"'","check":true}}""")).Success(201);
        var one = (await client.FetchAsync("/pools/odd/random")).Success(200);
        var code = format.Write(one.GetProperty("number").GetInt64());
        Assert.Equal(code, one.GetProperty("code").GetString());
        var row = (await client.FetchAsync("/pools/odd/draws", accept: "text/csv")).Text.Split("\r\n")[1];
        Assert.StartsWith($"0,{one.GetProperty("number")},\"'{code.Replace("\"", "\"\"", StringComparison.Ordinal)}\",", row);
        var found = (await client.FetchAsync($"/pools/odd/codes/{Uri.EscapeDataString(code)}")).Success(200);
        Assert.Equal((true, code), (found.GetProperty("issued").GetBoolean(), found.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("\"alphabet\":\"digits\"", "code.length", "must be an integer from 1 to 62. It is missing")]
    [InlineData("\"length\":5", "code.alphabet", "must be crockford32, digits, hex, letters, no-vowels, or 2 to 64")]
    [InlineData("", "code.alphabet", "It is missing")]
    [InlineData("\"alphabet\":\"Base32\",\"length\":5", "code.alphabet", "must be crockford32, digits, hex")]
    [InlineData("\"alphabet\":\"0\",\"length\":5", "code.alphabet", "different visible ASCII characters")]
    [InlineData("\"alphabet\":\"010\",\"length\":5", "code.alphabet", "different visible ASCII characters")]
    [InlineData("\"alphabet\":\"01\\u0007\",\"length\":5", "code.alphabet", "different visible ASCII characters")]
    [InlineData("\"alphabet\":\"01 \",\"length\":5", "code.alphabet", "different visible ASCII characters")]
    [InlineData("\"alphabet\":\"01ü\",\"length\":5", "code.alphabet", "different visible ASCII characters")]
    [InlineData("\"alphabet\":\"01/\",\"length\":5", "code.alphabet", "different visible ASCII characters")]
    [InlineData("\"alphabet\":\"01-\",\"length\":5", "code.alphabet", "different visible ASCII characters")]
    [InlineData("\"alphabet\":\"\\ud800\",\"length\":5", "code.alphabet", "must be a string")]
    [InlineData("\"alphabet\":7,\"length\":5", "code.alphabet", "must be a string")]
    [InlineData("\"alphabet\":\"012\",\"length\":5,\"check\":true", "code.check", "an even size; this one has 3 characters")]
    [InlineData("\"alphabet\":\"hex\",\"length\":16", "code.length", "code.length must be from 1 to 15 for an alphabet of 16")]
    [InlineData("\"alphabet\":\"hex\",\"length\":0", "code.length", "must be an integer from 1 to 62")]
    [InlineData("\"alphabet\":\"hex\",\"length\":1e1", "code.length", "must be an integer from 1 to 62")]
    [InlineData("\"alphabet\":\"hex\",\"length\":5,\"group\":6", "code.group", "code.group must be from 0 to 5, the length")]
    [InlineData("\"alphabet\":\"hex\",\"length\":5,\"group\":-1", "code.group", "must be an integer from 0 to 62")]
    [InlineData("\"alphabet\":\"hex\",\"length\":5,\"check\":1", "code.check", "code.check must be true or false")]
    [InlineData("\"alphabet\":\"hex\",\"length\":5,\"prefix\":\"a b\"", "code.prefix", "at most 32 visible ASCII characters")]
    [InlineData("\"alphabet\":\"hex\",\"length\":5,\"prefix\":[]", "code.prefix", "must be null or a string")]
    [InlineData("\"alphabet\":\"hex\",\"length\":5,\"size\":1", "code.size", "code has an unknown member; allowed are alphabet,")]
    [InlineData("\"alphabet\":\"hex\",\"length\":5,\"length\":5", "code.length", "code.length must be given once")]
    public async Task A_format_that_is_not_valid_creates_nothing(string members, string field, string detail) =>
        await AssertInvalidAsync($$$"""{"code":{ {{{members}}} }}""", field, detail);

    [Theory]
    [InlineData("{\"code\":\"hex\"}", "code", "code must be a JSON object with the members alphabet, length,")]
    [InlineData("{\"code\":null}", "minimum", "It is missing")]
    [InlineData("{\"minimum\":-1,\"code\":{\"alphabet\":\"hex\",\"length\":5}}", "minimum", "numbers without a code")]
    [InlineData("{\"maximum\":1048576,\"code\":{\"alphabet\":\"hex\",\"length\":5}}", "maximum", "from 0 to 1048575")]
    [InlineData("{\"minimum\":5,\"maximum\":4,\"code\":{\"alphabet\":\"hex\",\"length\":5}}", "maximum", "is above maximum 4")]
    [InlineData("{\"maximum\":1.5,\"code\":{\"alphabet\":\"hex\",\"length\":5}}", "maximum", "must be an integer")]
    [InlineData("{\"maximum\":9,\"order\":\"computed\",\"code\":{\"alphabet\":\"hex\",\"length\":5}}", "maximum", "at least")]
    [InlineData("{\"order\":\"stored\",\"code\":{\"alphabet\":\"hex\",\"length\":9}}", "maximum", "at most 2147483647")]
    public async Task A_definition_that_does_not_fit_its_codes_creates_nothing(string body, string field, string detail) =>
        await AssertInvalidAsync(body, field, detail);

    [Fact]
    public async Task A_prefix_has_at_most_32_characters()
    {
        await AssertInvalidAsync(
            $$$"""{"code":{"alphabet":"hex","length":5,"prefix":"{{{new string('p', 33)}}}"}}""", "code.prefix", "at most 32");
        (await client.DefinePoolAsync(
            "prefixed", $$$"""{"code":{"alphabet":"hex","length":5,"prefix":"{{{new string('p', 32)}}}"}}""")).Success(201);
    }

    private async Task AssertInvalidAsync(string body, string field, string detail)
    {
        var problem = (await client.DefinePoolAsync("never", body)).Problem(400, "invalid-request");
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Contains(detail, problem.GetProperty("detail").GetString());
        (await client.FetchAsync("/pools/never")).Problem(404, "pool-not-found");
    }
}
