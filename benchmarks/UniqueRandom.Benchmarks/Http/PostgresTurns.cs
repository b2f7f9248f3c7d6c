using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>What is run once in each turn of a round, neighbours being those that are compared.</summary>
internal sealed class PostgresTurns(
    Workspace workspace, PostgresServer postgres, ServerProcess first, ServerProcess second, ServerProcess sqlite, PoolClient pool, int seconds)
{
    public IEnumerable<Func<CancellationToken, Task>> Into(PostgresResults results)
    {
        foreach (var clients in PostgresResults.Clients.Reverse())
        {
            yield return async cancellation => results.Counter[clients].Add(await PgbenchAsync(PgbenchRival.Counter, clients, cancellation));
            yield return async cancellation => results.Rows[clients].Add(await PgbenchAsync(PgbenchRival.Rows, clients, cancellation));
        }

        foreach (var connections in PostgresResults.Connections)
        {
            yield return async cancellation => results.OneNode[connections].Add(
                await DrawnByAsync(() => Wrk.RunAsync(first.Random, connections, seconds, cancellation), cancellation));
            yield return async cancellation => results.TwoNodes[connections].Add(
                await DrawnByAsync(() => OnBothAsync(connections / 2, cancellation), cancellation));
        }

        yield return async cancellation => results.Sqlite.Add(
            await Wrk.RunAsync(sqlite.Random, PostgresResults.SqliteConnections, seconds, cancellation));
    }

    private Task<double> PgbenchAsync(PgbenchRival rival, int clients, CancellationToken cancellation) =>
        Pgbench.RunAsync(workspace, postgres, rival, clients, seconds, cancellation);

    private async Task<Load> OnBothAsync(int connectionsEach, CancellationToken cancellation)
    {
        var loads = await Task.WhenAll(
            Wrk.RunAsync(first.Random, connectionsEach, seconds, cancellation),
            Wrk.RunAsync(second.Random, connectionsEach, seconds, cancellation));
        return loads[0].Beside(loads[1]);
    }

    /// <summary>One run, and a look at the pool through the first node: what either of them hands out is drawn from it.</summary>
    private async Task<Load> DrawnByAsync(Func<Task<Load>> runAsync, CancellationToken cancellation)
    {
        var before = await pool.DrawnAsync(cancellation);
        var load = await runAsync();
        var drawn = await pool.DrawnAsync(cancellation) - before;
        return drawn >= load.Requests
            ? load
            : throw new InvalidOperationException($"{load.Requests} requests have drawn {drawn} numbers of the pool in PostgreSQL.");
    }
}
