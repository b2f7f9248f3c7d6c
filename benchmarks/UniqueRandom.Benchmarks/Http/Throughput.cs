using System.Globalization;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>Requests a second of the bare endpoint, of /random and of the rival, and commits a second of the disk, in turns.</summary>
internal static class Throughput
{
    private const string Full = "rival-full.db";
    private const double FullPercent = 99.9;
    private const int FullConnections = 64;

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say("rival is filled");
        await using var bare = await Servers.ServeBareAsync(workspace, cancellation);
        await using var random = await Servers.ServeAsync(workspace, Servers.Large, Results.LargeSize, cancellation);
        await using var empty = await Servers.ServeRivalAsync(workspace, "rival-empty.db", Results.LargeSize, percentFilled: 0, cancellation);
        Rivals.GenerateAndTest.Fill(workspace.PathOf(Full), Results.LevelSize, Share.Of(Results.LevelSize, FullPercent));

        (ServerProcess Server, Dictionary<int, LoadSeries> Loads)[] turns = [(bare, results.Bare), (random, results.Random), (empty, results.Empty)];
        Measurement.Say("warm-up");
        foreach (var connections in Results.Connections)
        {
            foreach (var (server, _) in turns)
                _ = await Wrk.RunAsync(server.Random, connections, effort.Seconds, cancellation);
        }

        for (var round = 0; round < effort.Rounds; round++)
        {
            Measurement.Say($"round {round + 1} of {effort.Rounds}");
            foreach (var connections in Results.Connections)
            {
                foreach (var (server, loads) in turns)
                    loads[connections].Add(await Wrk.RunAsync(server.Random, connections, effort.Seconds, cancellation));
            }

            results.Commits.Add(await CommitsAsync(workspace, effort, cancellation));
            await FullAsync(workspace, results, cancellation);
        }

        await bare.StopAsync();
        await random.StopAsync();
        await empty.StopAsync();
    }

    private static async Task<double> CommitsAsync(Workspace workspace, Effort effort, CancellationToken cancellation)
    {
        var output = await Programs.RunAsync(
            Programs.Benchmarks, ["commits", "--database", workspace.PathOf("commits.db"), "--seconds", $"{effort.Seconds}"], cancellation);
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A new copy each round and a second at a time: so near to its end the rival gets slower with each number it hands out.
    /// </summary>
    private static async Task FullAsync(Workspace workspace, Results results, CancellationToken cancellation)
    {
        const string copy = "rival-full-copy.db";
        workspace.Copy(workspace.PathOf(Full), copy);
        await using (var full = await Servers.ServeRivalAsync(workspace, copy, Results.LevelSize, FullPercent, cancellation))
        {
            var warmUp = await Wrk.RunAsync(full.Random, FullConnections, seconds: 1, cancellation);
            var load = await Wrk.RunAsync(full.Random, FullConnections, seconds: 1, cancellation);
            results.Full.Add(load);

            var left = Results.LevelSize - Share.Of(Results.LevelSize, FullPercent) - warmUp.Requests;
            results.FullLeft.Before.Add(left);
            results.FullLeft.After.Add(left - load.Requests);
            await full.StopAsync();
        }

        workspace.Remove(copy);
    }
}
