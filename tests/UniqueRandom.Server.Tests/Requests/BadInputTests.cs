using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Requests;

/// <summary>Invalid bodies are refused with the name of the field, and nothing is drawn, created or closed.</summary>
public sealed class BadInputTests(ApiServer server) : IClassFixture<ApiServer>, IAsyncLifetime
{
    private readonly HttpClient client = server.Client;
    private string before = "";

    public static TheoryData<string> InvalidIntegers => new(
        "null", "\"1\"", "true", "false", "[]", "[1]", "{}", "1.5", "1.0", "1e2", "1e400", "-1e400", "99999999999999999999",
        "-99999999999999999999",
        "9223372036854775808", "\"\"", "\"\\ud800\"", "\"ünïcode\"");

    public static TheoryData<string> InvalidJson => new(
        "", " ", "{", "}", "{\"count\"", "{\"count\":", "{\"count\":1", "{\"count\":1,", "{\"count\":1,}", "{\"count\":1}}",
        "{\"count\":1} x", "{count:1}",
        "{'count':1}", "{\"count\":01}", "{\"count\":+1}", "{\"count\":.5}", "{\"count\":0x1}", "{\"count\":NaN}",
        "{\"count\":1}{\"count\":1}",
        "// 1\n{\"count\":1}", "{\"count\":1/**/}", "{\"reference\":\"\t\",\"count\":1}", "{\"reference\":\"\\x\",\"count\":1}",
        "nul", "\0",
        // Not JSON objects.
        "[]", "[{\"count\":1}]", "1", "\"count\"", "null", "true");

    public async ValueTask InitializeAsync() => before = await server.DescribePoolsAsync();

    public async ValueTask DisposeAsync() => Assert.Equal(before, await server.DescribePoolsAsync());

    [Theory]
    [MemberData(nameof(InvalidIntegers))]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10001")]
    [InlineData("9223372036854775807")]
    public async Task An_invalid_count_is_refused(string value) =>
        (await DrawAsync($$"""{"count":{{value}}}""")).Invalid("count");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reference":"x"}""")]
    public async Task A_missing_count_is_refused(string body) => (await DrawAsync(body)).Invalid("count");

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"\\u007f\"")]
    [InlineData("\"\\u0085\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"x\\udbff\"")]
    public async Task An_invalid_reference_is_refused(string value) =>
        (await DrawAsync($$"""{"count":1,"reference":{{value}}}""")).Invalid("reference");

    [Theory]
    [InlineData("x", 256)]
    [InlineData("ü", 256)]
    [InlineData("🎲", 128)]
    public async Task A_reference_that_is_too_long_is_refused(string text, int times) =>
        (await client.DrawAsync("default", 1, string.Concat(Enumerable.Repeat(text, times)))).Invalid("reference");

    [Theory]
    [InlineData("""{"count":1,"count":1}""", "count")]
    [InlineData("""{"count":1,"\u0063ount":2}""", "count")]
    [InlineData("""{"count":1,"reference":null,"reference":"x"}""", "reference")]
    [InlineData("""{"count":1,"Count":1}""", "Count")]
    [InlineData("""{"count":1,"pool":"default"}""", "pool")]
    [InlineData("""{"count":1,"":1}""", "")]
    [InlineData("""{"count":1,"ünïcode":1}""", "ünïcode")]
    [InlineData("""{"count":1,"\ud800":1}""", "body")]
    public async Task An_unknown_or_repeated_member_is_refused(string body, string field) =>
        (await DrawAsync(body)).Invalid(field);

    [Theory]
    [MemberData(nameof(InvalidJson))]
    public async Task A_body_that_is_not_a_JSON_object_is_refused(string body)
    {
        (await DrawAsync(body)).Invalid("body");
        (await client.SendRequestAsync("PUT", "/pools/never", body)).Invalid("body");
    }

    [Fact]
    public async Task A_deeply_nested_body_is_refused()
    {
        (await DrawAsync(new string('[', 5000) + new string(']', 5000))).Invalid("body");
        (await DrawAsync($$"""{"count":{{new string('[', 5000)}}{{new string(']', 5000)}}}""")).Invalid("body");
        (await DrawAsync(string.Concat(Enumerable.Repeat("{\"count\":", 1000)) + "1" + new string('}', 1000))).Invalid("body");
    }

    [Theory]
    [MemberData(nameof(InvalidIntegers))]
    public async Task An_invalid_bound_is_refused(string value)
    {
        (await CreateAsync($$"""{"minimum":{{value}},"maximum":10}""")).Invalid("minimum");
        (await CreateAsync($$"""{"minimum":1,"maximum":{{value}}}""")).Invalid("maximum");
    }

    [Theory]
    [InlineData("{}", "minimum")]
    [InlineData("""{"minimum":1}""", "maximum")]
    [InlineData("""{"maximum":1}""", "minimum")]
    [InlineData("""{"minimum":2,"maximum":1}""", "maximum")]
    [InlineData("""{"minimum":1,"maximum":2147483648}""", "maximum")]
    [InlineData("""{"minimum":-9223372036854775808,"maximum":9223372036854775807}""", "maximum")]
    [InlineData("""{"minimum":1,"maximum":2,"maximum":2}""", "maximum")]
    [InlineData("""{"minimum":1,"maximum":2,"size":2}""", "size")]
    public async Task An_invalid_range_is_refused(string body, string field) => (await CreateAsync(body)).Invalid(field);

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_refused()
    {
        await AssertAsync("\"reference\":\"\xff\"", "reference");
        await AssertAsync("\"reference\":\"\xc3\"", "reference");
        await AssertAsync("\"reference\":\"\xed\xa0\x80\"", "reference");
        await AssertAsync("\"\xff\":1", "body");
        await AssertAsync("\xff", "body");

        async Task AssertAsync(string bytes, string field)
        {
            var body = Encoding.Latin1.GetBytes($$"""{"count":1,{{bytes}}}""");
            (await RawHttp.SendAsync(
                server.Address, "POST", "/pools/default/draws", "Content-Type: application/json\r\n", body))!.Invalid(field);
        }
    }

    [Fact]
    public async Task A_body_larger_than_16_KB_is_refused()
    {
        (await DrawAsync($$"""{"count":1,"reference":"{{new string('x', 17 * 1024)}}"}""")).Problem(413, "body-too-large");
        (await CreateAsync($$"""{"minimum":1,"maximum":2{{new string(' ', 17 * 1024)}}}""")).Problem(413, "body-too-large");
    }

    private Task<ApiAnswer> DrawAsync(string body) => client.SendRequestAsync("POST", "/pools/default/draws", body);

    private Task<ApiAnswer> CreateAsync(string body) => client.SendRequestAsync("PUT", "/pools/never", body);
}
