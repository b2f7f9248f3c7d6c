using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Requests;

/// <summary>Unusual input that HTTP, JSON and the rules allow is accepted.</summary>
public sealed class GoodInputTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient client = server.Client;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("Application/JSON")]
    [InlineData("application/json; junk=1")]
    public async Task Every_valid_content_type_of_JSON_is_accepted(string type) =>
        (await RawHttp.SendAsync(
            server.Address, "POST", "/pools/default/draws", $"Content-Type: {type}\r\n", """{"count":1}"""u8))!.Success(201);

    [Fact]
    public async Task A_byte_order_mark_and_white_space_around_the_body_are_ignored()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. " \r\n\t{ \"count\" : 1 } \n"u8];
        (await RawHttp.SendAsync(
            server.Address, "POST", "/pools/default/draws", "Content-Type: application/json\r\n", body))!.Success(201);
    }

    [Theory]
    [InlineData("x", 255)]
    [InlineData("🎲", 127)]
    [InlineData("ünï", 85)]
    [InlineData(" ")]
    public async Task A_reference_can_be_any_text_of_255_characters(string text, int times = 1)
    {
        var reference = string.Concat(Enumerable.Repeat(text, times));
        Assert.Equal(
            reference, (await client.DrawAsync("default", 1, reference)).Success(201).GetProperty("reference").GetString());
    }

    [Fact]
    public async Task A_null_reference_is_the_same_as_none() => Assert.Contains(
        "\"reference\":null",
        (await client.SendRequestAsync("POST", "/pools/default/draws", """{"reference":null,"count":1}""")).Expect(201).Text);

    [Fact]
    public async Task A_key_can_be_any_255_visible_characters()
    {
        var all = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(character => (char)character));
        foreach (var key in (string[])[all, new string('k', 255), "k"])
        {
            var number = await DrawAsync($"Idempotency-Key: {key}\r\n");
            Assert.Equal(number, await DrawAsync($"Idempotency-Key: {key}\r\n"));
        }

        async Task<long> DrawAsync(string header) =>
            (await RawHttp.SendAsync(server.Address, "GET", "/random", header, []))!
                .Success(200).GetProperty("number").GetInt64();
    }

    [Fact]
    public async Task A_body_can_be_sent_in_chunks()
    {
        var request = RawHttp.Head(
            "POST", "/pools/default/draws", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", 0);
        byte[] chunks = [.. request, .. Encoding.Latin1.GetBytes("3\r\n{\"c\r\n8\r\nount\":1}\r\n0\r\n\r\n")];
        (await RawHttp.SendAsync(server.Address, chunks))!.Success(201);
    }
}
