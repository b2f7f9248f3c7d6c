using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>
/// The PostgreSQL store on one node and on two, what people do in PostgreSQL without it, and the SQLite store, in turns. Each round has both
/// orders, since whoever comes second finds the disk as the other has left it.
/// </summary>
internal static class Postgres
{
    private const string Database = "uniquerandom";

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        if (PostgresPrograms.Find() is not { } programs)
        {
            Measurement.Say("postgres is left out: PostgreSQL is not installed; apt-get install postgresql");
            return;
        }

        if (!await programs.OwnerReachesAsync(workspace.PathOf("."), cancellation))
        {
            Measurement.Say($"postgres is left out: the user {PostgresPrograms.Owner} does not reach the workspace; set TMPDIR to a directory open to all");
            return;
        }

        Measurement.Say("postgres");
        await using var postgres = await PostgresServer.StartAsync(programs, workspace, cancellation);
        results.Postgres.Server = await PostgresDescription.OfAsync(postgres, cancellation);
        _ = await postgres.ExecuteAsync("postgres", [$"CREATE DATABASE {Database}"], cancellation);
        await using var first = await Servers.ServeNodeAsync(workspace, postgres, Database, PostgresResults.PoolSize, cancellation);
        await using var second = await Servers.ServeNodeAsync(workspace, postgres, Database, PostgresResults.PoolSize, cancellation);
        await using var sqlite = await Servers.ServeAsync(workspace, Servers.Large, Results.LargeSize, cancellation);
        using var pool = new PoolClient(first);
        await pool.UntilSeededAsync(PoolClient.DefaultPool, cancellation);

        var turns = new PostgresTurns(workspace, postgres, first, second, sqlite, pool, effort.Seconds);
        Measurement.Say("warm-up");
        foreach (var turn in turns.Into(new PostgresResults()))
            await turn(cancellation);

        for (var round = 0; round < effort.Rounds; round++)
        {
            Measurement.Say($"round {round + 1} of {effort.Rounds}");
            var order = turns.Into(results.Postgres).ToList();
            foreach (var turn in order.Concat(order.AsEnumerable().Reverse()))
                await turn(cancellation);
        }

        await first.StopAsync();
        await second.StopAsync();
        await sqlite.StopAsync();
    }
}
