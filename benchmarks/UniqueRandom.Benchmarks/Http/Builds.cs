using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>
/// /random of this build against /random of an earlier one, each on a database that it has seeded itself: an earlier build refuses what a
/// later one has written. Each round has both orders, since whoever comes second finds the disk as the other has left it.
/// </summary>
internal static class Builds
{
    private const string Now = "build-now.db";
    private const string Earlier = "build-earlier.db";

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        if (results.Earlier is not { } build)
            return;

        Measurement.Say($"this build and {build.Name}");
        await using var now = await Servers.ServeAsync(workspace, Now, Results.LargeSize, cancellation);
        await using var earlier = await Servers.ServeAsync(workspace, Earlier, Results.LargeSize, cancellation, build.Program);
        foreach (var connections in Results.BuildConnections)
        {
            _ = await Wrk.RunAsync(now.Random, connections, effort.Seconds, cancellation);
            _ = await Wrk.RunAsync(earlier.Random, connections, effort.Seconds, cancellation);
        }

        for (var round = 0; round < effort.Rounds; round++)
        {
            Measurement.Say($"round {round + 1} of {effort.Rounds}");
            foreach (var connections in Results.BuildConnections)
            {
                (ServerProcess Server, LoadSeries Loads) ours = (now, results.BuildNow[connections]);
                (ServerProcess Server, LoadSeries Loads) theirs = (earlier, results.BuildEarlier[connections]);
                foreach (var (server, loads) in new[] { ours, theirs, theirs, ours })
                    loads.Add(await Wrk.RunAsync(server.Random, connections, effort.Seconds, cancellation));
            }
        }

        await now.StopAsync();
        await earlier.StopAsync();
        workspace.Remove(Now);
        workspace.Remove(Earlier);
    }
}
