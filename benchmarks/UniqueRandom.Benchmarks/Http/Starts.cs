using System.Diagnostics;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>How long until the first number: on an empty directory, at a restart, and how much of it the seeding is.</summary>
internal static class Starts
{
    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        for (var i = 0; i < effort.Repeats; i++)
        {
            Measurement.Say($"start {i + 1} of {effort.Repeats}");
            var directory = workspace.NewDirectory($"start-{i}");
            results.FirstStart.Add(await SecondsToFirstDrawAsync(directory, cancellation));
            results.Restart.Add(await SecondsToFirstDrawAsync(directory, cancellation));
        }
    }

    public static async Task MeasureSeedingAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say("seeding of 1,000,000");
        // The first one is compiled while it runs.
        for (var i = 0; i <= effort.Repeats; i++)
        {
            await using var store = await PreparedPool.OpenStoreAsync(workspace.PathOf($"seeding-{i}.db"), cancellation);
            var watch = Stopwatch.StartNew();
            _ = await PreparedPool.SeedAsync(store, Results.DefaultSize, cancellation);
            if (i > 0)
                results.Seeding.Add(watch.Elapsed.TotalMilliseconds);
        }
    }

    /// <summary>Starts without any switch but the address, so with the pool and the database that everybody gets.</summary>
    private static async Task<double> SecondsToFirstDrawAsync(string directory, CancellationToken cancellation)
    {
        await using var server = await ServerProcess.StartAsync(Programs.Server, [], directory, cancellation, firstRequest: "random");
        await server.StopAsync();
        return server.UntilAnswer.TotalSeconds;
    }
}
