using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>
/// The latency of a single caller, from an empty to a nearly full pool, in turns with the rival at the same level. The pool is the larger
/// one, because it would be drawn to its end meanwhile; the rival's time depends on the level alone.
/// </summary>
internal static class FillLevels
{
    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        foreach (var level in Results.Levels)
        {
            Measurement.Say($"latency at {level} %");
            var rivals = $"levels-rival-{level}.db";
            await Servers.AdvanceAsync(workspace, Servers.Levels, Results.LargeSize, level, cancellation);
            await using var random = await Servers.ServeAsync(workspace, Servers.Levels, Results.LargeSize, cancellation);
            await using var rival = await Servers.ServeRivalAsync(workspace, rivals, Results.LevelSize, level, cancellation);

            var (ours, theirs) = (new LoadSeries(), new LoadSeries());
            _ = await Wrk.RunAsync(random.Random, 1, seconds: 1, cancellation);
            _ = await Wrk.RunAsync(rival.Random, 1, seconds: 1, cancellation);
            // No more than that, or the rival is much fuller at the end than it was at the beginning.
            for (var round = 0; round < Math.Min(effort.Rounds, 3); round++)
            {
                ours.Add(await Wrk.RunAsync(random.Random, 1, seconds: 1, cancellation));
                theirs.Add(await Wrk.RunAsync(rival.Random, 1, seconds: 1, cancellation));
            }

            results.ByLevel.Add((level, ours, theirs));
            await random.StopAsync();
            await rival.StopAsync();
            workspace.Remove(rivals);
        }
    }
}
