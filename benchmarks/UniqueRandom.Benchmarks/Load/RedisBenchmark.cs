using System.Globalization;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Load;

/// <summary>The load generator of Redis.</summary>
internal static class RedisBenchmark
{
    private const string Pool = "default";

    /// <summary>Draws numbers with SPOP.</summary>
    /// <param name="port">The port of a server on the loopback.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="pipeline">How many commands each connection sends at once.</param>
    /// <param name="commands">How many commands all connections send.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public static async Task<LoadResult> PopAsync(
        int port, int connections, int pipeline, int commands, CancellationToken cancellationToken)
    {
        string[] options = ["-h", "127.0.0.1", "-p", $"{port}", "-c", $"{connections}", "-P", $"{pipeline}", "-n", $"{commands}"];
        var output = await Programs.RunAsync("redis-benchmark", [.. options, "--csv", "SPOP", Pool], cancellationToken);
        // The last line: the name, requests/s, and the average, minimum, p50, p95, p99 and maximum in milliseconds.
        var values = output.Split('\n')[^1].Split(',').Select(value => value.Trim('"')).ToArray();
        return values is [_, var rate, _, _, var p50, _, var p99, _]
            ? new LoadResult(Parse(rate), Parse(p50), Parse(p99), commands)
            : throw new InvalidOperationException($"redis-benchmark has no results: {output}");
    }

    /// <summary>Gets how many numbers a pool or a set has left.</summary>
    public static async Task<long> CountAsync(int port, CancellationToken cancellationToken) => long.Parse(
        await Programs.RunAsync("redis-cli", ["-p", $"{port}", "SCARD", Pool], cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Fills the set of a Redis server with the numbers 1 to a size.</summary>
    public static async Task FillAsync(int port, int size, CancellationToken cancellationToken)
    {
        // In steps, because a script blocks the server.
        const string script = "for i = ARGV[1], ARGV[2] do redis.call('SADD', KEYS[1], i) end";
        const int step = 100_000;
        for (var first = 1; first <= size; first += step)
        {
            string[] range = [$"{first}", $"{Math.Min(size, first + step - 1)}"];
            _ = await Programs.RunAsync("redis-cli", ["-p", $"{port}", "EVAL", script, "1", Pool, .. range], cancellationToken);
        }
    }

    private static double Parse(string value) => double.Parse(value, CultureInfo.InvariantCulture);
}
