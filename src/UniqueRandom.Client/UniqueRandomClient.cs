using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

/// <summary>Calls the routes of a UniqueRandom server. Thread-safe; one instance can be kept for the life of a program.</summary>
/// <remarks>
/// <para>
/// Register it with <c>services.AddUniqueRandomClient(…)</c>. Such a client retries a request until it has the response: after
/// a closed connection, a silent server, and the status 408, 429 or 5xx, except <see cref="ProblemTypes.InternalError"/>,
/// <see cref="ProblemTypes.OutOfDisk"/>, <see cref="ProblemTypes.OutOfMemory"/>, <see cref="ProblemTypes.TooManyFailures"/> and
/// <see cref="ProblemTypes.TooManyWrongCodes"/>. It waits as long as <c>Retry-After</c> says; otherwise at most 0.1 seconds at
/// first, and 0.5 to 1 second later. Only the <see cref="CancellationToken"/> of a call ends this. A retry never draws or extends
/// again, because each draw and each extension has an idempotency key, and no other route changes more when it is called twice.
/// </para>
/// <para>
/// Every method throws <see cref="UniqueRandomException"/> if the server refuses the request or another server responds,
/// <see cref="ArgumentException"/> if an argument can't be sent, <see cref="OperationCanceledException"/> if it is canceled, and
/// <see cref="HttpRequestException"/> if the certificate of the server isn't trusted.
/// </para>
/// <para>
/// A client that is created with an <see cref="HttpClient"/> retries nothing. It throws <see cref="HttpRequestException"/> if the
/// connection is lost, and <see cref="OperationCanceledException"/> after <see cref="HttpClient.Timeout"/>. The draw may be
/// recorded then, so call it with an idempotency key of your own.
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
    /// Creates a client that sends each request once, unless the handlers of <paramref name="httpClient"/> retry it.
    /// </summary>
    /// <param name="httpClient">Sends the requests. A path in its base address is the prefix of all routes.</param>
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

    private static ByteArrayContent BodyOf<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, type))
        {
            Headers = { ContentType = new MediaTypeHeaderValue(MediaTypes.Json) },
        };

    private HttpRequestMessage NewRequest(HttpMethod method, string path)
    {
        // HttpClient would replace the last segment of a path without a slash at its end.
        var address = http.BaseAddress is { } prefix && !prefix.AbsolutePath.EndsWith('/')
            ? new Uri($"{prefix.GetLeftPart(UriPartial.Path)}/{path}")
            : new Uri(path, UriKind.Relative);
        return new HttpRequestMessage(method, address);
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(NewRequest(HttpMethod.Get, path), type, cancellationToken);

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, MediaTypes.Json, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException error)
        {
            throw new UniqueRandomException(response.StatusCode, new Problem(), KeyOf(request), error);
        }
    }

    /// <summary>Sends a request, and throws if the response is a problem or has another media type.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        string mediaType,
        CancellationToken cancellationToken,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using (request)
        {
            var response = await http.SendAsync(request, completion, cancellationToken).ConfigureAwait(false);
            try
            {
                if (IsSuccess(response, mediaType))
                    return response;
                var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
                throw new UniqueRandomException(response.StatusCode, problem, KeyOf(request));
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    /// <summary>Whether a response is a success with a media type: a proxy may respond with a page of its own.</summary>
    private static bool IsSuccess(HttpResponseMessage response, string mediaType) => response.IsSuccessStatusCode
        && string.Equals(response.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private async Task<ResponseStream<T>> OpenAsync<T>(
        string path,
        string mediaType,
        Func<Stream, CancellationToken, IAsyncEnumerable<T>> parse,
        CancellationToken cancellationToken)
    {
        var request = NewRequest(HttpMethod.Get, path);
        var response = await SendAsync(
            request, mediaType, cancellationToken, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new ResponseStream<T>(response, token => parse(body, token), Heartbeat + patience, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
