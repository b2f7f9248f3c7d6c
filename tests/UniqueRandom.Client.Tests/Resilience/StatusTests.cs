using System.Net;
using Microsoft.Extensions.DependencyInjection;
using UniqueRandom.Client.Tests.Fixtures;

namespace UniqueRandom.Client.Tests.Resilience;

/// <summary>Which answers are repeated.</summary>
public sealed class StatusTests
{
    private static readonly (HttpStatusCode Status, string MediaType, string Body) Drawn = (
        HttpStatusCode.Created,
        "application/json",
        """{"pool":"p","first":0,"numbers":[7],"drawnAt":"2026-11-22T18:00:00Z","reference":null,"replayed":true,"x":1}""");

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, ProblemTypes.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.StoreUnavailable)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.DrawInDoubt)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.PoolSeeding)]
    public async Task A_problem_that_passes_is_repeated_with_the_same_key_and_body(HttpStatusCode status, string type)
    {
        var answers = new ScriptedAnswers(
            ScriptedAnswers.Problem(status, type), ScriptedAnswers.Problem(status, type), Drawn);
        using var registered = Register(answers);

        var draw = await registered.Client.DrawAsync("p", 1, reference: "order-1", cancellationToken: CancellationToken);

        Assert.Equal([7], draw.Numbers);
        Assert.Equal(3, answers.Requests.Count);
        var (key, body) = Assert.Single(answers.Requests.Distinct());
        Assert.NotNull(key);
        Assert.Equal("""{"count":1,"reference":"order-1"}""", body);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task What_a_proxy_says_of_a_server_that_is_away_is_repeated(HttpStatusCode status)
    {
        var answers = new ScriptedAnswers((status, "text/html", "<html>"), Drawn);
        using var registered = Register(answers);
        Assert.Equal([7], (await registered.Client.DrawAsync("p", 1, CancellationToken)).Numbers);
        Assert.Equal(2, answers.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.OutOfDisk)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemTypes.OutOfMemory)]
    [InlineData(HttpStatusCode.TooManyRequests, ProblemTypes.TooManyFailures)]
    [InlineData(HttpStatusCode.InternalServerError, ProblemTypes.InternalError)]
    [InlineData(HttpStatusCode.MisdirectedRequest, ProblemTypes.HostNotAllowed)]
    public async Task A_problem_that_stays_is_not_repeated(HttpStatusCode status, string type)
    {
        var answers = new ScriptedAnswers(ScriptedAnswers.Problem(status, type));
        using var registered = Register(answers);
        var error = await Assert.ThrowsAsync<UniqueRandomException>(
            () => registered.Client.CreatePoolAsync("p", 1, 2, CancellationToken));
        Assert.Equal((status, type, "A title", "A detail."), (error.Status, error.Type, error.Title, error.Message));
        Assert.Single(answers.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "text/html", "<html>")]
    [InlineData(HttpStatusCode.OK, "application/json", "null")]
    [InlineData(HttpStatusCode.OK, "application/json", "{}")]
    [InlineData(HttpStatusCode.MovedPermanently, "text/html", "<html>")]
    [InlineData(HttpStatusCode.NotFound, "application/problem+json", "{")]
    public async Task An_answer_of_another_server_says_so(HttpStatusCode status, string mediaType, string body)
    {
        var answers = new ScriptedAnswers((status, mediaType, body));
        using var registered = Register(answers);
        var error = await Assert.ThrowsAsync<UniqueRandomException>(
            () => registered.Client.DrawAsync("p", 1, CancellationToken));
        Assert.Equal((status, "about:blank"), (error.Status, error.Type));
        Assert.Contains("Check the base address.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_of_the_health_is_made_once()
    {
        var answers = new ScriptedAnswers(ScriptedAnswers.Problem(HttpStatusCode.ServiceUnavailable, ProblemTypes.Starting));
        using var registered = Register(answers);
        Assert.False(await registered.Client.IsReadyAsync(CancellationToken));
        Assert.Single(answers.Requests);
    }

    private static RegisteredClient Register(ScriptedAnswers answers) => new(
        new Uri("http://localhost"), register: (_, builder) => builder.ConfigurePrimaryHttpMessageHandler(() => answers));
}
