using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using UniqueRandom.Draws;
using UniqueRandom.Server.Requests;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Server.Tests.Requests;

/// <summary>Damaged bodies and headers of requests: each is refused with a problem, or has what it says.</summary>
public sealed class DamagedInputTests(ITestOutputHelper output)
{
    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        """{"count":3,"reference":"order-4711"}""", """{"count":1}""", """{ "reference": null, "count": 10000 }""",
        """{"count":1,"reference":"für 🎲"}""").Select(Encoding.UTF8.GetBytes);

    [Fact]
    public Task A_body_is_refused_or_has_what_it_says() => InputSearch.RunAsync(
        Bodies.Mutated(),
        bytes =>
        {
            var request = Request("application/json");
            request.Body = new MemoryStream(bytes);
            return Accepts(() =>
            {
                var fields = JsonFields.ReadAsync(request, "count", "reference").AsTask().GetAwaiter().GetResult();
                var count = fields.Integer("count", 1, DrawRequest.MaximumCount);
                var reference = fields.Text("reference", text => Reference.IsValid(text), Rules.Reference);
                using var json = JsonDocument.Parse(bytes);
                Assert.Equal(json.RootElement.GetProperty("count").GetInt32(), count);
                Assert.Equal(json.RootElement.TryGetProperty("reference", out var given) ? given.GetString() : null, reference);
                new DrawRequest("p", (int)count, reference).Validate();
            });
        },
        output);

    [Fact]
    public Task A_type_of_a_body_is_refused_or_JSON() => InputSearch.RunAsync(
        Gen.OneOf("application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"; x=y").Mutated(),
        type =>
        {
            var request = Request(type);
            request.Body = new MemoryStream("{}"u8.ToArray());
            return Accepts(() =>
            {
                _ = JsonFields.ReadAsync(request, "count").AsTask().GetAwaiter().GetResult();
                // White space is allowed around the slash.
                var written = string.Concat(type.Where(character => character is not (' ' or '\t')));
                Assert.StartsWith("application/json", written, StringComparison.OrdinalIgnoreCase);
            });
        },
        output);

    [Fact]
    public Task A_key_is_refused_or_the_whole_header() => InputSearch.RunAsync(
        Gen.OneOf("invitation-17", "k", new string('~', 255), "8e03978e-40d5-43e8-bc93-6894a57f9324").Mutated(),
        text =>
        {
            var request = Request("");
            request.Headers["Idempotency-Key"] = text;
            return Accepts(() =>
            {
                Assert.Equal(text, request.HttpContext.Key());
                Assert.All(text, character => Assert.InRange(character, '!', '~'));
            });
        },
        output);

    private static HttpRequest Request(string type) => new DefaultHttpContext { Request = { ContentType = type } }.Request;

    private static bool Accepts(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (RefusedException error)
        {
            Assert.InRange(error.Problem.StatusCode, 400, 415);
            Assert.NotEmpty(error.Problem.ProblemDetails.Detail!);
            return false;
        }
    }
}
