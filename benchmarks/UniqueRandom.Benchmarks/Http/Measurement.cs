using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The whole measurement, from the top to the bottom: one run, on one machine, with nothing taken from another one.</summary>
internal static class Measurement
{
    public static async Task<Results> RunAsync(Effort effort, CancellationToken cancellation)
    {
        using var workspace = Workspace.Create();
        var results = new Results { FileSystem = workspace.FileSystem };

        Say($"databases on {workspace.FileSystem.Device} ({workspace.FileSystem.Type})");
        await Starts.MeasureAsync(workspace, results, effort, cancellation);
        await Starts.MeasureSeedingAsync(workspace, results, effort, cancellation);

        Say("memory, and seeding of 100,000,000");
        await Memory.MeasureAsync(workspace, results, effort, cancellation);
        await LastPercent.MeasureAsync(workspace, results, effort, cancellation);
        await Throughput.MeasureAsync(workspace, results, effort, cancellation);
        await FillLevels.MeasureAsync(workspace, results, effort, cancellation);
        return results;
    }

    /// <summary>Progress, beside the report on the standard output.</summary>
    public static void Say(string progress) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {progress}");
}
