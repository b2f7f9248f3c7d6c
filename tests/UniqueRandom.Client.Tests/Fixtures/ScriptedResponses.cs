using System.Net;
using System.Net.Http.Headers;

namespace UniqueRandom.Client.Tests.Fixtures;

/// <summary>Responses that a proxy or a failing server would send, one after the other; the last one remains.</summary>
internal sealed class ScriptedResponses(params (HttpStatusCode Status, string MediaType, string Body)[] responses)
    : HttpMessageHandler
{
    /// <summary>The requests, each with its key and its body.</summary>
    public List<(string? Key, string Body)> Requests { get; } = [];

    /// <summary>The addresses of the requests.</summary>
    public List<Uri> Addresses { get; } = [];

    /// <summary>The header Retry-After of each response.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static (HttpStatusCode Status, string MediaType, string Body) Problem(HttpStatusCode status, string type) => (
        status,
        "application/problem+json",
        $$"""{"type":"{{type}}","title":"A title","status":{{(int)status}},"detail":"A detail."}""");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        Addresses.Add(request.RequestUri!);
        var (status, mediaType, body) = responses[Math.Min(Requests.Count, responses.Length) - 1];
        return new HttpResponseMessage(status)
        {
            Content = new StringContent(body, MediaTypeHeaderValue.Parse(mediaType)),
            Headers = { RetryAfter = RetryAfter is { } delay ? new RetryConditionHeaderValue(delay) : null },
            RequestMessage = request,
        };
    }
}
