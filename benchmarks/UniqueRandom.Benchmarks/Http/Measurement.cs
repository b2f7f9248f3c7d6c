using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The whole measurement, from the top to the bottom: one run, on one machine, with nothing taken from another one.</summary>
internal static class Measurement
{
    /// <summary>In this order, because some find what an earlier one has left; each can also do without.</summary>
    private static readonly (string Name, Func<Workspace, Results, Effort, CancellationToken, Task> MeasureAsync)[] Sequence =
    [
        ("starts", Starts.MeasureAsync),
        ("seeding", Starts.MeasureSeedingAsync),
        ("memory", Memory.MeasureAsync),
        ("last-percent", LastPercent.MeasureAsync),
        ("throughput", Throughput.MeasureAsync),
        ("builds", Builds.MeasureAsync),
        ("levels", FillLevels.MeasureAsync),
        ("look-ups", LookUps.MeasureAsync),
        ("keys", Keys.MeasureAsync),
        ("batches", Batches.MeasureAsync),
        ("seeding-load", SeedingLoad.MeasureAsync),
        ("exports", Exports.MeasureAsync),
        ("postgres", Postgres.MeasureAsync),
    ];

    public static IEnumerable<string> Parts => Sequence.Select(part => part.Name);

    /// <summary>Measures the parts that are named, or else all of them.</summary>
    public static async Task<Results> RunAsync(IReadOnlyCollection<string> parts, EarlierBuild? earlier, Effort effort, CancellationToken cancellation)
    {
        using var workspace = Workspace.Create();
        var results = new Results { FileSystem = workspace.FileSystem, Earlier = earlier };

        Say($"databases on {workspace.FileSystem.Device} ({workspace.FileSystem.Type})");
        foreach (var (_, measureAsync) in Sequence.Where(part => parts.Count == 0 || parts.Contains(part.Name)))
            await measureAsync(workspace, results, effort, cancellation);
        return results;
    }

    /// <summary>Progress, beside the report on the standard output.</summary>
    public static void Say(string progress) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {progress}");
}
