using System.Globalization;
using System.Text.RegularExpressions;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Benchmarks.Load;

/// <summary>The load generator of PostgreSQL: prepared statements over open connections, without HTTP or a driver.</summary>
internal sealed partial class Pgbench(PostgresInstance server, string directory, int seconds)
{
    public const int Rows = 1_000_000;

    /// <summary>Measures draws from a counter. All callers wait for the same row, and must still compute a number.</summary>
    public Task<LoadResult> CountAsync(int clients, CancellationToken cancellationToken) => RunAsync(
        clients,
        "UPDATE counter SET cursor = cursor + 1 WHERE id = 1 RETURNING cursor",
        [
            "DROP TABLE IF EXISTS counter",
            "CREATE TABLE counter (id integer PRIMARY KEY, cursor bigint NOT NULL)",
            "INSERT INTO counter VALUES (1, 0)",
        ],
        cancellationToken);

    /// <summary>
    /// Measures draws from a table of shuffled numbers. Each caller deletes the first row that no other caller has locked.
    /// Finding the row a second time by its position, and not by its ctid, is slower by a sixth.
    /// </summary>
    public Task<LoadResult> DeleteAsync(int clients, CancellationToken cancellationToken) => RunAsync(
        clients,
        "DELETE FROM numbers WHERE ctid = "
            + "(SELECT ctid FROM numbers ORDER BY position FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING number",
        [
            "DROP TABLE IF EXISTS numbers",
            "CREATE TABLE numbers (position integer NOT NULL, number integer NOT NULL)",
            $"INSERT INTO numbers SELECT row_number() OVER (ORDER BY random()), number FROM generate_series(1, {Rows}) AS number",
            "ALTER TABLE numbers ADD PRIMARY KEY (position)",
        ],
        cancellationToken);

    // Each run has a new table, so that no run pays for the dead rows of another.
    private async Task<LoadResult> RunAsync(int clients, string draw, string[] prepare, CancellationToken cancellationToken)
    {
        // After the checkpoint nothing of the new table is left to be written during the run.
        foreach (var statement in prepare.Append("VACUUM ANALYZE").Append("CHECKPOINT"))
            await server.ExecuteAsync(statement);
        var script = Path.Combine(directory, "draw.sql");
        await File.WriteAllTextAsync(script, draw + ";\n", cancellationToken);

        string[] load = ["-n", "-c", $"{clients}", "-j", "2", "-M", "prepared", "-T", $"{seconds}", "-f", script];
        string[] connection = ["-h", "127.0.0.1", "-p", $"{server.Port}", "-U", "postgres", "postgres"];
        var output = await PostgresPrograms.RunAsync("pgbench", [.. load, .. connection]);
        var rate = RatePattern().Match(output);
        return rate.Success && !FailurePattern().IsMatch(output)
            ? new LoadResult(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"Some draws of pgbench failed: {output}");
    }

    [GeneratedRegex(@"tps = ([\d.]+) \(without initial connection time\)")]
    private static partial Regex RatePattern();

    // Versions before 15 do not count failures, and end at the first one.
    [GeneratedRegex(@"failed transactions: [1-9]")]
    private static partial Regex FailurePattern();
}
