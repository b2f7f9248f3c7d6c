using System.Net;
using System.Net.Sockets;
using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Import;

/// <summary>Imports that are refused: one clear problem, and nothing is left behind.</summary>
public sealed class ImportInputTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Thousand = """{"minimum":1,"maximum":1000}""";

    private readonly HttpClient client = server.Client;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("5\n42\n7\n42\n", 5, "repeats the number 42.")]
    [InlineData("1001\n", 2, "is not a number from 1 to 1000.")]
    [InlineData("0", 2, "is not a number from 1 to 1000.")]
    [InlineData("1\n\n9223372036854775808", 4, "is not a number from 1 to 1000.")]
    [InlineData("1\r\n-99999999999999999999999999999999\r\n", 3, "is not a number from 1 to 1000.")]
    [InlineData("1.0", 2, "is not an integer, such as 42.")]
    [InlineData("1e2", 2, "is not an integer, such as 42.")]
    [InlineData("007", 2, "has a leading zero; write the number without it, such as 42.")]
    [InlineData("-01", 2, "has a leading zero; write the number without it, such as 42.")]
    [InlineData("\uFEFF7", 2, "is not an integer, such as 42.")]
    [InlineData("+7", 2, "is not an integer, such as 42.")]
    [InlineData("-", 2, "is not an integer, such as 42.")]
    [InlineData("1 2", 2, "is not an integer, such as 42.")]
    [InlineData("\"7\"", 2, "is not an integer, such as 42.")]
    [InlineData("{\"number\":7}", 2, "is not an integer, such as 42.")]
    [InlineData("number\n7\n", 2, "is not an integer, such as 42.")]
    [InlineData("٣", 2, "is not an integer, such as 42.")]
    [InlineData("7\0", 2, "is not an integer, such as 42.")]
    public async Task A_line_that_is_not_a_new_number_of_the_pool_is_named(string numbers, int line, string rule)
    {
        var problem = (await client.ImportPoolAsync("bad", $"{Thousand}\n{numbers}")).Problem(400, "invalid-request");
        Assert.Equal(
            ("body", line, $"Line {line} {rule} Nothing was imported."),
            (problem.GetProperty("field").GetString(), problem.GetProperty("line").GetInt32(),
                problem.GetProperty("detail").GetString()));
        await AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("", "body", "it is missing")]
    [InlineData("{", "body", "The first line is not well-formed JSON.")]
    [InlineData("{\"minimum\":1,\n\"maximum\":9}\n1\n", "body", "The first line is not well-formed JSON.")]
    [InlineData("1\n2\n", "body", "The body must be a JSON object")]
    [InlineData(Thousand, "body", "The body has no number behind the definition.")]
    [InlineData(Thousand + "\n\n \n", "body", "The body has no number behind the definition.")]
    [InlineData("{\"minimum\":1}\n1\n", "maximum", "It is missing.")]
    [InlineData("{\"minimum\":1,\"maximum\":9,\"numbers\":[1]}\n1\n", "numbers", "unknown member")]
    [InlineData("{\"minimum\":1,\"maximum\":9,\"maximum\":9}\n1\n", "maximum", "must be given once")]
    [InlineData("{\"minimum\":9,\"maximum\":1}\n1\n", "maximum", "minimum 9 is above maximum 1")]
    [InlineData("{\"minimum\":1,\"maximum\":2147483648}\n1\n", "maximum", "at most 2147483647")]
    [InlineData("{\"minimum\":1,\"maximum\":9223372036854775808}\n1\n", "maximum", "must be an integer")]
    [InlineData("{\"minimum\":1,\"maximum\":1000000,\"order\":\"computed\"}\n1\n", "order", "order must be stored")]
    public async Task A_body_without_a_definition_or_a_number_is_refused(string body, string field, string reason)
    {
        var answer = await client.ImportPoolAsync("bad", body);
        answer.Invalid(field);
        Assert.Contains(reason, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await AssertNothingLeftAsync();
    }

    /// <summary>Kestrel closes the connection of a body that goes on for five seconds behind its answer.</summary>
    [Fact]
    public async Task A_client_that_reads_the_answer_after_it_has_sent_everything_gets_the_refusal()
    {
        using var content = new SlowContent($"{Thousand}\n7\n7\n", seconds: 7);
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await client.PutAsync(new Uri("/pools/bad", UriKind.Relative), content, CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("repeats the number 7.", await response.Content.ReadAsStringAsync(CancellationToken));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused()
    {
        var problem = (await client.ImportPoolAsync("bad", $"{Thousand}\n1\n{new string('2', 1 << 20)}"))
            .Problem(400, "invalid-request");
        Assert.Equal("Line 3 is longer than 16384 bytes. Nothing was imported.", problem.GetProperty("detail").GetString());
        (await client.ImportPoolAsync("bad", new string(' ', 1 << 20))).Invalid("body");
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_connection_can_be_used_again_after_a_refusal()
    {
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var other = new HttpClient(handler) { BaseAddress = server.Address };
        for (var i = 0; i < 20; i++)
        {
            (await other.ImportPoolAsync("bad", $"{Thousand}\n1\n{(i % 2 == 0 ? "1" : "x")}\n{new string('\n', 2000)}5\n"))
                .Invalid("body");
        }

        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task The_name_of_the_pool_is_validated() =>
        (await client.ImportPoolAsync("B", $"{Thousand}\n1\n")).Invalid("pool");

    [Fact]
    public async Task An_import_of_too_many_bytes_is_refused_before_it_is_read()
    {
        var answer = await RawHttp.SendAsync(server.Address, Encoding.ASCII.GetBytes(
            "PUT /pools/bad HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
            + "Content-Length: 2000000000\r\n\r\n"));
        var problem = answer!.Problem(413, "body-too-large");
        Assert.Equal(
            "An import has at most 1100016384 bytes. Nothing was imported.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_import_of_50_000_001_numbers_is_refused()
    {
        using var body = new NumberContent("""{"minimum":1,"maximum":60000000}""", 50_000_001);
        (await client.ImportPoolAsync("bad", body)).Problem(413, "body-too-large");
        await AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\n", "\n1\n2\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1d\r\n", "\n\r\n2\r\n1\n\r\n")]
    public async Task A_body_that_is_cut_off_leaves_nothing(string head, string rest)
    {
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(server.Address.Host, server.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                "PUT /pools/bad HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nExpect: 100-continue\r\n"
                + $"{head}{Thousand}{rest}"));
            // The server asks for the body when the import is running.
            var asked = new byte[100];
            var length = await socket.ReceiveAsync(asked);
            Assert.StartsWith("HTTP/1.1 100", Encoding.ASCII.GetString(asked, 0, length), StringComparison.Ordinal);
            Assert.Equal(503, (await client.ImportPoolAsync("other", $"{Thousand}\n0\n")).Status);
        }

        // The next import is possible as soon as the server has noticed.
        await Eventually.TrueAsync(
            async () => (await client.ImportPoolAsync("other", $"{Thousand}\n0\n")).Status == 400, "the import has ended");
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Another_import_is_told_to_retry()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            "PUT /pools/slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
            + $"Content-Length: {Thousand.Length + 2}\r\n\r\n{Thousand}\n"));
        await Eventually.TrueAsync(
            async () => (await client.ImportPoolAsync("other", $"{Thousand}\n0\n")).Status == 503, "the import is running");
        (await client.ImportPoolAsync("other", $"{Thousand}\n1\n")).Problem(503, "import-running");
        // Other requests go on.
        (await client.CreatePoolAsync("meanwhile", 1, 10)).Success(201);
        await socket.SendAsync("7"u8.ToArray());
        await Eventually.TrueAsync(
            async () => (await client.ImportPoolAsync("slow", $"{Thousand}\n7\n")).Status == 200, "the import has ended");
    }

    private async Task AssertNothingLeftAsync() =>
        (await client.FetchAsync("/pools/bad")).Problem(404, "pool-not-found");
}
