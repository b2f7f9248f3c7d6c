using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>/random while another pool of the same server is being seeded, in turns with the server at rest.</summary>
internal static class SeedingLoad
{
    private const string Database = "seeding-load.db";
    private const int Connections = 64;

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say("draws while a pool is seeded");
        await using var server = await Servers.ServeAsync(workspace, Database, Results.LargeSize, cancellation);
        using var pools = new PoolClient(server);
        _ = await Wrk.RunAsync(server.Random, Connections, effort.Seconds, cancellation);

        var number = 0;
        var seconds = await SecondsOfSeedingAsync(server, pools, NextPool(), cancellation);
        Measurement.Say($"runs of {seconds} s");
        for (var round = 0; round < effort.Rounds;)
        {
            var atRest = await Wrk.RunAsync(server.Random, Connections, seconds, cancellation);
            if (await WhileSeedingAsync(server, pools, NextPool(), seconds, cancellation) is { } meanwhile)
            {
                results.AtRest.Add(atRest);
                results.WhileSeeding.Add(meanwhile);
                round++;
            }
            else if (--seconds == 0)
            {
                throw new InvalidOperationException(
                    $"Seeding {Results.SeededSize:N0} numbers is over within a run of wrk of one second; make {nameof(Results)}.{nameof(Results.SeededSize)} larger.");
            }
        }

        await server.StopAsync();
        workspace.Remove(Database);

        string NextPool() => $"seeded-{++number}";
    }

    /// <summary>How many seconds of wrk lie inside of a seeding; at least 1. As many as there are, since it shuffles first and stores then.</summary>
    private static async Task<int> SecondsOfSeedingAsync(ServerProcess server, PoolClient pools, string pool, CancellationToken cancellation)
    {
        var creation = pools.CreateAsync(pool, Results.SeededSize, cancellation);
        var seconds = 0;
        for (var seeding = await pools.BeginsSeedingAsync(pool, creation, cancellation); seeding; seconds++)
        {
            _ = await Wrk.RunAsync(server.Random, Connections, seconds: 1, cancellation);
            seeding = await pools.StateAsync(pool, cancellation) == "seeding";
        }

        await creation;
        return Math.Max(1, seconds - 1);
    }

    /// <summary>A run of wrk that lies inside of a seeding; null when the seeding was over before it was.</summary>
    private static async Task<Load?> WhileSeedingAsync(ServerProcess server, PoolClient pools, string pool, int seconds, CancellationToken cancellation)
    {
        var creation = pools.CreateAsync(pool, Results.SeededSize, cancellation);
        _ = await pools.BeginsSeedingAsync(pool, creation, cancellation);
        var load = await Wrk.RunAsync(server.Random, Connections, seconds, cancellation);
        var lasted = await pools.StateAsync(pool, cancellation) == "seeding";
        await creation;
        await pools.UntilSeededAsync(pool, cancellation);
        return lasted ? load : null;
    }
}
