using System.Globalization;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Load;

/// <summary>A request that wrk builds for each run.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Keys">The Idempotency-Key: <c>none</c>, <c>fresh</c> for each request, or always the <c>same</c>.</param>
/// <param name="Key">The key, or the start of the fresh keys.</param>
/// <param name="Body">The JSON body, if any.</param>
/// <param name="Limit">The number of requests after which wrk stops. Default 0: it stops when its time is over.</param>
internal sealed record WrkRequest(string Method, string Keys = "none", string Key = "unused", string Body = "", int Limit = 0);

/// <summary>The load generator wrk, with one thread because it shares the cores with the server.</summary>
internal static class Wrk
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Load", "requests.lua");

    /// <summary>Sends a request again and again; without one, a plain GET, which costs wrk less.</summary>
    /// <exception cref="InvalidOperationException">A request failed.</exception>
    public static async Task<LoadResult> RunAsync(
        string url, int connections, int seconds, WrkRequest? request, CancellationToken cancellationToken)
    {
        // A rival can take longer than the two seconds after which wrk gives up by default.
        string[] options = ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "30s", "-s", Script, url, "--"];
        string[] arguments = request is null ? [] : [request.Method, request.Keys, request.Key, $"{request.Limit}", request.Body];
        var output = await Programs.RunAsync("wrk", [.. options, .. arguments], cancellationToken);
        return output.Split('\n')[^1].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray()
            is [var rate, var p50, var p99, var requests, 0]
            ? new LoadResult(rate, p50, p99, (long)requests)
            : throw new InvalidOperationException($"Some requests to {url} failed: {output}");
    }
}
