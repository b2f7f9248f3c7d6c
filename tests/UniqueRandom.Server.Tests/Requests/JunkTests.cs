using CsCheck;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Requests;

/// <summary>
/// Thousands of invalid requests: each is refused, none draws, and the server continues to work.
/// </summary>
public sealed class JunkTests(ApiServer server, ITestOutputHelper output) : IClassFixture<ApiServer>
{
    private const int Requests = 3000;

    private readonly SortedDictionary<string, int> answers = new(StringComparer.Ordinal);

    [Fact]
    public async Task Invalid_requests_are_refused_with_a_problem_and_draw_nothing()
    {
        var before = await server.DescribePoolsAsync();

        await CheckAsync(JunkRequests.All, Requests, request => RawHttp.SendAsync(server.Address, request.Bytes), IsRefused);

        Assert.Equal(before, await server.DescribePoolsAsync());
        Assert.True(answers["without a body 400"] < Requests / 4, "Most of the junk has to reach the server itself.");
    }

    [Fact]
    public async Task Requests_that_are_not_HTTP_are_refused_and_draw_nothing()
    {
        var before = await server.DescribePoolsAsync();

        // Kestrel answers 505 to a request line without an HTTP version.
        await CheckAsync(
            JunkRequests.Noise, 300, bytes => RawHttp.SendAsync(server.Address, bytes),
            (_, answer) => answer.Status is >= 400 and < 500 or 505);

        Assert.Equal(before, await server.DescribePoolsAsync());
    }

    private static bool IsRefused(JunkRequest request, ApiAnswer answer)
    {
        // Kestrel refuses a request that is not HTTP before the server's own code runs.
        var isMalformed = answer.Status == 400 && answer.MediaType is null;
        if (isMalformed || request.Method == "HEAD")
            return isMalformed || answer.Status == request.Status;
        return answer.Status == request.Status && answer.MediaType == "application/problem+json"
            && answer.Json.GetProperty("status").GetInt32() == request.Status
            && (request.Status != 400 || answer.Json.TryGetProperty("field", out _));
    }

    private async Task CheckAsync<T>(
        Gen<T> requests, int count, Func<T, Task<ApiAnswer?>> send, Func<T, ApiAnswer, bool> isRefused)
    {
        await requests.SampleAsync(IsRefusedAsync, iter: count, threads: 1);
        output.WriteLine(string.Join(Environment.NewLine, answers.Select(answer => $"{answer.Value,5} {answer.Key}")));

        async Task<bool> IsRefusedAsync(T request)
        {
            var answer = await send(request);
            Assert.True(answer is not null, "The connection was closed without an answer.");
            var kind = $"{(answer.MediaType is null ? "without a body" : "problem")} {answer.Status}";
            answers[kind] = answers.GetValueOrDefault(kind) + 1;
            return isRefused(request, answer)
                ? true
                : throw new InvalidOperationException($"{answer.Status} {answer.Text} to {request}");
        }
    }
}
