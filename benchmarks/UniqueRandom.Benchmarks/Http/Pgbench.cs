using System.Globalization;
using System.Text.RegularExpressions;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>PostgreSQL's own load generator: prepared statements over kept connections, with no HTTP and no driver around them.</summary>
internal static partial class Pgbench
{
    private const string Database = "postgres";

    /// <summary>Draws a second, without the time to connect. On a new table each time, so that no run pays for the dead rows of another.</summary>
    public static async Task<double> RunAsync(
        Workspace workspace, PostgresServer server, PgbenchRival rival, int clients, int seconds, CancellationToken cancellation)
    {
        // The checkpoint leaves nothing of the new table to be written during the run.
        await server.ExecuteAsync(Database, [.. rival.Fill, $"VACUUM ANALYZE {rival.Table}", "CHECKPOINT"], cancellation);
        var script = workspace.PathOf($"{rival.Table}.sql");
        await File.WriteAllTextAsync(script, rival.Draw + ";\n", cancellation);

        string[] arguments = ["-n", "-c", $"{clients}", "-j", "2", "-M", "prepared", "-T", $"{seconds}", "-f", script, Database];
        var output = await server.RunAsync("pgbench", arguments, cancellation);
        await server.ExecuteAsync(Database, [$"DROP TABLE {rival.Table}"], cancellation);
        return Parse(output);
    }

    /// <exception cref="InvalidOperationException">Not every draw has succeeded.</exception>
    private static double Parse(string output)
    {
        var rate = RatePattern().Match(output);
        return rate.Success && !FailurePattern().IsMatch(output)
            ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Not every draw of pgbench has succeeded: {output}");
    }

    [GeneratedRegex(@"tps = ([\d.]+) \(without initial connection time\)")]
    private static partial Regex RatePattern();

    /// <summary>Versions before 15 do not count failures, and end at the first one.</summary>
    [GeneratedRegex(@"failed transactions: [1-9]")]
    private static partial Regex FailurePattern();
}
