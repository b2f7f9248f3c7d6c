using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace UniqueRandom.Failover.Tests.Load;

/// <summary>
/// Draws numbers from nodes, and counts failures. A failure that a failover can't cause throws. Thread-safe.
/// </summary>
internal sealed class FailoverClient(IReadOnlyList<Uri> nodes) : IDisposable
{
    public const string NoAnswer = "no answer";
    public const string InDoubt = "draw-in-doubt";
    public const string Unavailable = "store-unavailable";

    private readonly HttpClient client = new(
        new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(45),
    };
    private readonly ConcurrentDictionary<string, int> failures = new();

    public IReadOnlyDictionary<string, int> Failures => failures;

    public string Describe() =>
        string.Join(
            ", ",
            failures.OrderBy(failure => failure.Key, StringComparer.Ordinal).Select(failure => $"{failure.Value} {failure.Key}"));

    /// <summary>Draws numbers; returns null if no draw was acknowledged.</summary>
    public async Task<FailoverAnswer?> DrawAsync(int node, string? key = null, int count = 1)
    {
        using var request = new HttpRequestMessage(
            key is null ? HttpMethod.Get : HttpMethod.Post,
            new Uri(nodes[node], key is null ? "/random" : "/pools/default/draws"));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
            request.Content = JsonContent.Create(new { count, reference = $"order-{key}" });
        }

        var sent = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            var received = Stopwatch.GetTimestamp();
            using var json = JsonDocument.Parse(body);
            return response.StatusCode switch
            {
                HttpStatusCode.OK when key is null =>
                    new(node, null, null, [json.RootElement.GetProperty("number").GetInt64()], false, sent, received),
                HttpStatusCode.Created when key is not null => ReadKeyed(node, key, json.RootElement, sent, received),
                HttpStatusCode.ServiceUnavailable => Count(json.RootElement.GetProperty("type").GetString()!.Split(':')[^1]),
                _ => throw new InvalidOperationException($"Node {node} answered {response.StatusCode}: {body}"),
            };
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            return Count(NoAnswer);
        }
    }

    /// <summary>The status code of GET /health/ready; null for no answer.</summary>
    public async Task<HttpStatusCode?> GetReadinessAsync(int node)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(nodes[node], "/health/ready"));
            return response.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();

    private static FailoverAnswer ReadKeyed(int node, string key, JsonElement body, long sent, long received) => new(
        node,
        key,
        body.GetProperty("first").GetInt32(),
        body.GetProperty("numbers").Deserialize<long[]>()!,
        body.GetProperty("replayed").GetBoolean(),
        sent,
        received);

    private FailoverAnswer? Count(string failure)
    {
        failures.AddOrUpdate(failure, 1, static (_, count) => count + 1);
        return null;
    }
}
