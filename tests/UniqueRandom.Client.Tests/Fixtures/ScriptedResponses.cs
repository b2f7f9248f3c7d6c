using System.Net;
using System.Net.Http.Headers;

namespace UniqueRandom.Client.Tests.Fixtures;

/// <summary>Answers that a proxy or a failing server would send, one after the other; the last one remains.</summary>
internal sealed class ScriptedAnswers(params (HttpStatusCode Status, string MediaType, string Body)[] answers)
    : HttpMessageHandler
{
    /// <summary>The requests, each with its key and its body.</summary>
    public List<(string? Key, string Body)> Requests { get; } = [];

    public static (HttpStatusCode Status, string MediaType, string Body) Problem(HttpStatusCode status, string type) => (
        status,
        "application/problem+json",
        $$"""{"type":"{{type}}","title":"A title","status":{{(int)status}},"detail":"A detail."}""");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        var (status, mediaType, body) = answers[Math.Min(Requests.Count, answers.Length) - 1];
        return new HttpResponseMessage(status)
        {
            Content = new StringContent(body, new MediaTypeHeaderValue(mediaType)),
            RequestMessage = request,
        };
    }
}
