using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using UniqueRandom.Client.Models;
using UniqueRandom.Client.Resilience;
using UniqueRandom.Client.Tests.Fixtures;

namespace UniqueRandom.Client.Tests.Resilience;

/// <summary>Which responses are retried, and when.</summary>
public sealed class StatusTests
{
    private static readonly (HttpStatusCode Status, string MediaType, string Body) Drawn = (
        HttpStatusCode.Created,
        "application/json; charset=utf-8",
        """{"pool":"p","first":0,"numbers":[7],"drawnAt":"2026-11-22T18:00:00Z","reference":null,"replayed":true,"x":1}""");

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, ProblemTypes.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.StoreUnavailable)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.DrawInDoubt)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.PoolSeeding)]
    public async Task A_problem_that_passes_is_retried_with_the_same_key_and_body(HttpStatusCode status, string type)
    {
        var responses = new ScriptedResponses(
            ScriptedResponses.Problem(status, type), ScriptedResponses.Problem(status, type), Drawn);
        using var registered = Register(responses);

        var draw = await registered.Client.DrawAsync("p", 1, reference: "order-1", cancellationToken: CancellationToken);

        Assert.Equal([7], draw.Numbers);
        Assert.Equal(3, responses.Requests.Count);
        var (key, body) = Assert.Single(responses.Requests.Distinct());
        Assert.NotNull(key);
        Assert.Equal("""{"count":1,"reference":"order-1"}""", body);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(520)]
    [InlineData(524)]
    public async Task What_a_proxy_says_of_a_server_that_is_away_is_retried(int status)
    {
        var responses = new ScriptedResponses(((HttpStatusCode)status, "text/html", "<html>"), Drawn);
        using var registered = Register(responses);
        Assert.Equal([7], (await registered.Client.DrawAsync("p", 1, CancellationToken)).Numbers);
        Assert.Equal(2, responses.Requests.Count);
        Assert.Single(responses.Requests.Distinct());
    }

    [Theory]
    [InlineData("about:blank")]
    [InlineData("https://proxy.example.com/problems/internal-error")]
    public async Task A_problem_of_a_proxy_is_retried(string type)
    {
        var responses = new ScriptedResponses(ScriptedResponses.Problem(HttpStatusCode.InternalServerError, type), Drawn);
        using var registered = Register(responses);
        Assert.Equal([7], (await registered.Client.DrawAsync("p", 1, CancellationToken)).Numbers);
        Assert.Equal(2, responses.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.OutOfDisk)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.OutOfMemory)]
    [InlineData(HttpStatusCode.TooManyRequests, ProblemTypes.TooManyFailures)]
    [InlineData(HttpStatusCode.InternalServerError, ProblemTypes.InternalError)]
    [InlineData(HttpStatusCode.MisdirectedRequest, ProblemTypes.HostNotAllowed)]
    public async Task A_problem_that_stays_is_not_retried(HttpStatusCode status, string type)
    {
        var responses = new ScriptedResponses(ScriptedResponses.Problem(status, type));
        using var registered = Register(responses);
        var error = await Assert.ThrowsAsync<UniqueRandomException>(
            () => registered.Client.CreatePoolAsync("p", 1, 2, CancellationToken));
        Assert.Equal((status, type, "A title", "A detail."), (error.Status, error.Type, error.Title, error.Message));
        Assert.Null(error.IdempotencyKey);
        Assert.Single(responses.Requests);
    }

    [Theory]
    [InlineData(200, "application/json", "{\"pool\":\"p\",\"first\":0,")]
    [InlineData(500, "application/problem+json", "{\"type\":\"urn:uniquerandom:problem:internal-error\"}")]
    [InlineData(413, "text/html", "<html>")]
    public async Task The_exception_of_a_draw_has_its_key(int status, string mediaType, string body)
    {
        var responses = new ScriptedResponses(((HttpStatusCode)status, mediaType, body));
        using var registered = Register(responses);
        var client = registered.Client;
        var generated = await Assert.ThrowsAsync<UniqueRandomException>(() => client.DrawAsync("p", 1, CancellationToken));
        var own = await Assert.ThrowsAsync<UniqueRandomException>(() => client.DrawOneAsync("p", "order-1", CancellationToken));

        Assert.NotNull(generated.IdempotencyKey);
        Assert.Equal("order-1", own.IdempotencyKey);
        Assert.Equal([generated.IdempotencyKey, "order-1"], responses.Requests.Select(request => request.Key));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "text/html", "<html>")]
    [InlineData(HttpStatusCode.OK, "application/json", "null")]
    [InlineData(HttpStatusCode.OK, "application/json", "{}")]
    [InlineData(HttpStatusCode.MovedPermanently, "text/html", "<html>")]
    [InlineData(HttpStatusCode.NotFound, "application/problem+json", "{")]
    public async Task A_response_of_another_server_says_so(HttpStatusCode status, string mediaType, string body)
    {
        var responses = new ScriptedResponses((status, mediaType, body));
        using var registered = Register(responses);
        await IsOfAnotherServerAsync(status, () => registered.Client.DrawAsync("p", 1, CancellationToken));
    }

    [Fact]
    public async Task A_page_of_another_server_is_no_log_no_event_no_metric_and_no_health()
    {
        using var registered = Register(new ScriptedResponses((HttpStatusCode.OK, "text/html; charset=utf-8", "<html>")));
        var client = registered.Client;
        await IsOfAnotherServerAsync(HttpStatusCode.OK, () => client.GetMetricsAsync(CancellationToken));
        await IsOfAnotherServerAsync(
            HttpStatusCode.OK, () => client.ReadDrawLogAsync("p").ToListAsync(CancellationToken).AsTask());
        await IsOfAnotherServerAsync(
            HttpStatusCode.OK, () => client.WatchPoolsAsync(CancellationToken).FirstAsync(CancellationToken).AsTask());
        Assert.False(await client.IsAliveAsync(CancellationToken));
        Assert.False(await client.IsReadyAsync(CancellationToken));
    }

    [Theory]
    [InlineData("application/x-ndjson", "<html>")]
    [InlineData("application/x-ndjson; charset=utf-8", "{}\n")]
    [InlineData("text/event-stream", "data: <html>\n\n")]
    public async Task A_stream_that_is_damaged_says_so(string mediaType, string body)
    {
        using var registered = Register(new ScriptedResponses((HttpStatusCode.OK, mediaType, body)));
        var client = registered.Client;
        await IsOfAnotherServerAsync(HttpStatusCode.OK, () => mediaType.StartsWith("text", StringComparison.Ordinal)
            ? client.WatchPoolsAsync(CancellationToken).FirstAsync(CancellationToken).AsTask()
            : client.ReadDrawLogAsync("p").FirstAsync(CancellationToken).AsTask());
    }

    [Theory]
    [InlineData("exhausted", PoolState.Exhausted)]
    [InlineData("paused", PoolState.Unknown)]
    public async Task A_state_of_a_newer_server_is_unknown(string state, PoolState expected)
    {
        var body = $$"""
            {"pool":"p","minimum":1,"maximum":2,"size":2,"state":"{{state}}","seeded":2,"drawn":2,"remaining":0,"commitment":"00",
             "seed":null,"createdAt":"2026-11-22T18:00:00Z","closedAt":null,"drawsPerSecond":0,"numbersPerSecond":0,
             "exhaustionExpectedAt":null}
            """;
        using var registered = Register(new ScriptedResponses((HttpStatusCode.OK, "application/json", body)));
        Assert.Equal(expected, (await registered.Client.GetPoolAsync("p", CancellationToken)).State);
    }

    [Fact]
    public async Task A_check_of_the_health_is_made_once()
    {
        var responses = new ScriptedResponses(
            ScriptedResponses.Problem(HttpStatusCode.ServiceUnavailable, ProblemTypes.Starting));
        using var registered = Register(responses);
        Assert.False(await registered.Client.IsReadyAsync(CancellationToken));
        Assert.Single(responses.Requests);
    }

    [Fact]
    public async Task A_retry_comes_when_the_server_says()
    {
        // Longer than any delay without the header.
        var responses = new ScriptedResponses(
            ScriptedResponses.Problem(HttpStatusCode.TooManyRequests, ProblemTypes.TooManyRequests), Drawn)
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };
        using var registered = Register(responses);
        var start = Stopwatch.GetTimestamp();
        await registered.Client.DrawAsync("p", 1, CancellationToken);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(20));
        Assert.Equal(2, responses.Requests.Count);
    }

    [Theory]
    [InlineData(0, 50, 100)]
    [InlineData(1, 100, 200)]
    [InlineData(4, 500, 1000)]
    [InlineData(int.MaxValue, 500, 1000)]
    public void The_delay_is_random_at_every_attempt(int attempt, int shortest, int longest)
    {
        Assert.Equal(shortest, RetryPipeline.DelayAfter(attempt, 0).TotalMilliseconds);
        Assert.Equal(longest, RetryPipeline.DelayAfter(attempt, 1).TotalMilliseconds);
    }

    private static async Task IsOfAnotherServerAsync(HttpStatusCode status, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<UniqueRandomException>(call);
        Assert.Equal((status, "about:blank"), (error.Status, error.Type));
        Assert.Contains("isn't from a UniqueRandom server. Check the base address.", error.Message, StringComparison.Ordinal);
    }

    private static RegisteredClient Register(ScriptedResponses responses) => new(
        new Uri("http://localhost"), register: (_, builder) => builder.ConfigurePrimaryHttpMessageHandler(() => responses));
}
