using System.Globalization;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The section of the report about PostgreSQL.</summary>
internal static class PostgresSection
{
    /// <summary>The section with an empty line behind it, or nothing when there was no PostgreSQL.</summary>
    public static string Write(PostgresResults results) => results.Server is { } server ? Write(results, server) : "";

    private static string Write(PostgresResults results, PostgresDescription server) => string.Create(CultureInfo.InvariantCulture, $"""
        ## PostgreSQL

        PostgreSQL {server.Version} on the same machine and disk as everything else here, by TCP on the loopback, without a standby:
        {string.Join(", ", server.Settings.Select(setting => $"`{setting}`"))};
        all else is as initdb leaves it.

        wrk asks UniqueRandom over HTTP, which draws from a pool of {PostgresResults.PoolSize:N0} numbers; two nodes have one pool, and two wrk at the same
        time with half of the connections each: their rates are added up, and the worse of their latencies counts. pgbench asks PostgreSQL
        itself, without HTTP, by prepared statements and with two threads: for a counter in a table of one row, or for the first row that
        nobody else has locked in a table of {PgbenchRival.Size:N0} shuffled numbers, which is new in each run. It is compared at {PostgresResults.Clients[0]} clients,
        and shown at {PostgresResults.Clients[1]} as well, where it waits less for locks. Each round has all of this in one order and then in the other.

        | | connections | draws/s | p50 (ms) | p99 (ms) |
        |---|---:|---:|---:|---:|
        {string.Join('\n', Rows(results))}


        """);

    private static IEnumerable<string> Rows(PostgresResults results) =>
    [
        .. PostgresResults.Connections.SelectMany(connections => new[]
        {
            $"| postgres, one node | {connections} | {results.OneNode[connections].Cells()} |",
            $"| postgres, two nodes | {connections} | {results.TwoNodes[connections].Cells()} |",
        }),
        $"| SQLite | {PostgresResults.SqliteConnections} | {results.Sqlite.Cells()} |",
        .. PostgresResults.Clients.Select(clients => Row("`UPDATE … RETURNING`", clients, results.Counter[clients])),
        .. PostgresResults.Clients.Select(clients => Row("`DELETE … SKIP LOCKED`", clients, results.Rows[clients])),
    ];

    private static string Row(string statement, int clients, Series rate) =>
        string.Create(CultureInfo.InvariantCulture, $"| pgbench {statement} | {clients} | {rate.Median:N0} | | |");
}
