using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>Draws of many numbers at once. Each round has a new pool, since at that pace one is soon exhausted.</summary>
internal static class Batches
{
    public const int Count = 1000;
    public const int Connections = 8;

    private const string Database = "batches.db";

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        var request = WrkRequest.Draw(Count, "none");
        for (var round = 0; round < effort.Rounds; round++)
        {
            Measurement.Say($"batches, round {round + 1} of {effort.Rounds}");
            await using (var server = await Servers.ServeAsync(workspace, Database, Results.LargeSize, cancellation))
            {
                using var pool = new PoolClient(server);
                _ = await pool.DrawAsync(cancellation);
                _ = await Wrk.RunAsync(server.Draws, request, Connections, seconds: 1, cancellation);

                var before = await pool.DrawnAsync(cancellation);
                var load = await Wrk.RunAsync(server.Draws, request, Connections, effort.Seconds, cancellation);
                var drawn = await pool.DrawnAsync(cancellation) - before;
                if (drawn < load.Requests * Count)
                    throw new InvalidOperationException($"{load.Requests} requests for {Count} numbers have drawn {drawn}.");

                results.Batches.Add(load);
                await server.StopAsync();
            }

            workspace.Remove(Database);
        }
    }
}
