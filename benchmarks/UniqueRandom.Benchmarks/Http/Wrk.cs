using System.Globalization;
using System.Text.RegularExpressions;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>What one run of wrk has found.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="P50">Half of the requests took at most this, in milliseconds.</param>
/// <param name="P99">99 of 100 requests took at most this, in milliseconds.</param>
/// <param name="Requests">How many there were.</param>
internal sealed record Load(double Rate, double P50, double P99, long Requests)
{
    /// <summary>Both at the same time: the rates add up, and of the latencies the worse counts, as percentiles do not add up.</summary>
    public Load Beside(Load other) => new(Rate + other.Rate, Math.Max(P50, other.P50), Math.Max(P99, other.P99), Requests + other.Requests);
}

/// <summary>The load generator: Debian's package wrk, with one thread, since it shares the cores with what it measures.</summary>
internal static partial class Wrk
{
    public static Task<Load> RunAsync(string url, int connections, int seconds, CancellationToken cancellation) =>
        RunAsync([url], connections, seconds, cancellation);

    public static Task<Load> RunAsync(string url, WrkRequest request, int connections, int seconds, CancellationToken cancellation) =>
        RunAsync(request.Arguments(url), connections, seconds, cancellation);

    private static async Task<Load> RunAsync(IEnumerable<string> target, int connections, int seconds, CancellationToken cancellation)
    {
        // A rival may well take longer than the two seconds after which wrk gives up on a request.
        string[] arguments = ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "--timeout", "30s", .. target];
        return Parse(await Programs.RunAsync("wrk", arguments, cancellation), arguments);
    }

    /// <exception cref="InvalidOperationException">Not every request was answered with success.</exception>
    private static Load Parse(string output, string[] arguments) => output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal)
        ? throw new InvalidOperationException($"Not every request of wrk {string.Join(' ', arguments)} was answered with success: {output}")
        : new Load(
            double.Parse(RatePattern().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            Milliseconds(P50Pattern().Match(output)),
            Milliseconds(P99Pattern().Match(output)),
            long.Parse(RequestsPattern().Match(output).Groups[1].Value, CultureInfo.InvariantCulture));

    private static double Milliseconds(Match latency) => double.Parse(latency.Groups[1].Value, CultureInfo.InvariantCulture) * latency.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        "s" => 1000,
        var unit => throw new FormatException($"'{unit}' is no unit of latency known here."),
    };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RatePattern();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex RequestsPattern();

    [GeneratedRegex(@"\b50%\s+([\d.]+)(\w+)")]
    private static partial Regex P50Pattern();

    [GeneratedRegex(@"\b99%\s+([\d.]+)(\w+)")]
    private static partial Regex P99Pattern();
}
