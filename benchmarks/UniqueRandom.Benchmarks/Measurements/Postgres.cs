using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>The PostgreSQL store on one node and on two, against PostgreSQL without UniqueRandom and against SQLite.</summary>
internal static class Postgres
{
    // More numbers than all rounds draw.
    private const int Size = 20_000_000;

    public static async Task MeasureAsync(Bench bench)
    {
        var directory = bench.Workspace.CreateDirectory("postgres");
        if (!await PostgresPrograms.CanWriteAsync(directory))
        {
            Bench.Log("skipped: install PostgreSQL, and set TMPDIR to a directory that its user can enter");
            return;
        }

        await using var postgres = await PostgresInstance.CreateDefaultAsync(directory, "max_connections = 300");
        await postgres.ExecuteAsync("CREATE DATABASE uniquerandom");
        await using var first = await bench.ServeNodeAsync(postgres.ConnectionString("uniquerandom"), Size);
        await using var second = await bench.ServeNodeAsync(postgres.ConnectionString("uniquerandom"), Size);
        await using var sqliteServer = await bench.ServeAsync("sqlite.db");
        using var pool = new PoolClient(first, bench.CancellationToken);

        // On a busy machine 64 clients need a second to connect.
        var pgbench = new Pgbench(postgres, bench.Workspace.PathOf("."), Math.Max(3, bench.Effort.Seconds));
        var (counter8, rows8, counter, rows) = (Counter(8), Rows(8), Counter(64), Rows(64));
        var (one, two, one256, two256) = (OneNode(64), TwoNodes(64), OneNode(256), TwoNodes(256));
        var sqlite = bench.Load("SQLite", 256, sqliteServer.Random);
        Turn[] turns = [counter8, rows8, counter, rows, one, two, one256, two256, sqlite];
        await bench.RunRoundsAsync(turns, mirrored: true);

        const string shared = "Nodes of one pool wait for each other's lock, and share the cores with PostgreSQL and wrk.";
        const string roundTrips = "A transaction in PostgreSQL costs round trips, and time of the same cores.";
        bench.Results.Add(
            new Ratio("postgres ÷ pgbench `UPDATE … RETURNING`, 64 connections", one.Rate.Over(counter.Rate), Format: "0.0"),
            new Ratio("postgres ÷ pgbench `DELETE … SKIP LOCKED`, 64 connections", one.Rate.Over(rows.Rate), Format: "0.0"),
            new Ratio("postgres, two nodes ÷ one node, 64 connections", two.Rate.Over(one.Rate), shared),
            new Ratio("postgres, two nodes ÷ one node, 256 connections", two256.Rate.Over(one256.Rate), shared),
            new Ratio("postgres ÷ SQLite, 256 connections", one256.Rate.Over(sqlite.Rate), roundTrips));
        bench.Results.AddSection(
            "PostgreSQL",
            $"""
            {await PostgresSettings.DescribeAsync(postgres)}
            It is on the same machine and disk, and reached over TCP on the loopback.

            The nodes draw from one pool of {Size:N0} numbers. Two nodes have half of the connections each, from two wrk at the
            same time: their rates are added up, and the worse latency counts. pgbench needs no HTTP. It sends prepared statements
            from two threads, to a counter in a table of one row, or to a new table of {Pgbench.Rows:N0} shuffled numbers, for the
            first row that no other client has locked. It is compared at 64 clients, and shown at 8, where it waits
            less for locks. Each round has both orders.
            """,
            Turn.Table(turns));

        Turn Counter(int clients) =>
            new("pgbench `UPDATE … RETURNING`", clients, () => pgbench.CountAsync(clients, bench.CancellationToken));

        Turn Rows(int clients) =>
            new("pgbench `DELETE … SKIP LOCKED`", clients, () => pgbench.DeleteAsync(clients, bench.CancellationToken));

        Turn OneNode(int count) =>
            new("postgres, one node", count, () => Bench.CheckAsync(pool, () => bench.LoadAsync(first.Random, count)));

        // The first node sees what the second one draws: both have one pool.
        Turn TwoNodes(int count) => new("postgres, two nodes", count, () => Bench.CheckAsync(pool, async () =>
        {
            var other = bench.LoadAsync(second.Random, count / 2);
            return (await bench.LoadAsync(first.Random, count / 2)).Combine(await other);
        }));
    }
}
