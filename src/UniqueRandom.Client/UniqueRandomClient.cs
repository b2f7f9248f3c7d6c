using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

/// <summary>Calls the routes of a UniqueRandom server. Thread-safe; one instance can be kept for the life of a program.</summary>
/// <remarks>
/// <para>
/// Register it with <c>services.AddUniqueRandomClient(…)</c>. Such a client repeats a request until it has the answer: after a
/// closed connection, a silent server, the status 408, 429, 502, 503 or 504. It waits as long as <c>Retry-After</c> says, or
/// 0.1 seconds and more, up to 1. Only the <see cref="CancellationToken"/> of a call ends this. A repetition never draws again,
/// because each draw has an idempotency key, and no other route changes more when it is called twice.
/// </para>
/// <para>
/// Every method throws <see cref="UniqueRandomException"/> if the server refuses the request, <see cref="ArgumentException"/>
/// if an argument can't be sent, and <see cref="OperationCanceledException"/> if it is canceled.
/// </para>
/// </remarks>
public sealed partial class UniqueRandomClient
{
    /// <summary>A server sends something into an idle stream every 15 seconds.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How long a stream waits before it connects again, like <c>retry</c> in the events of the server.</summary>
    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(1);

    private readonly HttpClient http;
    private readonly TimeSpan patience;

    /// <summary>
    /// Creates a client that sends each request once, unless the handlers of <paramref name="httpClient"/> repeat it.
    /// </summary>
    /// <param name="httpClient">Sends the requests. Its base address must end with a slash.</param>
    public UniqueRandomClient(HttpClient httpClient)
        : this(httpClient, new UniqueRandomClientOptions().AttemptTimeout)
    {
    }

    /// <param name="httpClient">Sends the requests.</param>
    /// <param name="patience">How much later than expected the next part of a stream may come.</param>
    internal UniqueRandomClient(HttpClient httpClient, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        http = httpClient;
        this.patience = patience;
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, string path) => new(method, new Uri(path, UriKind.Relative));

    private static ByteArrayContent BodyOf<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, type))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(NewRequest(HttpMethod.Get, path), type, cancellationToken);

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException error)
        {
            throw new UniqueRandomException(response.StatusCode, new Problem(), error);
        }
    }

    /// <summary>Sends a request, and throws if the answer is a problem.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using (request)
        {
            var response = await http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
            try
            {
                await UniqueRandomException.ThrowIfFailedAsync(response, cancellationToken).ConfigureAwait(false);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    private async Task<AnswerStream<T>> OpenAsync<T>(
        string path, Func<Stream, CancellationToken, IAsyncEnumerable<T>> parse, CancellationToken cancellationToken)
    {
        var response = await SendAsync(
            NewRequest(HttpMethod.Get, path), cancellationToken, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new AnswerStream<T>(response, token => parse(body, token), Heartbeat + patience, cancellationToken);
    }
}
