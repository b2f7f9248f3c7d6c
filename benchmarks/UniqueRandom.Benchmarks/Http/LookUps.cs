using System.Diagnostics;
using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>How long it takes to look up the number that was drawn last, behind nearly all the others of the pool. Another one each time.</summary>
internal static class LookUps
{
    private const double PercentDrawn = 99.9;

    // Beside what a start takes, a look-up is so short that more of them can be afforded.
    private const int Times = 5;

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        await MeasureAsync(workspace, "look-ups.db", Results.DefaultSize, results.LookUp, effort, cancellation);
        await MeasureAsync(workspace, Servers.Levels, Results.LargeSize, results.LargeLookUp, effort, cancellation);
    }

    private static async Task MeasureAsync(Workspace workspace, string database, int size, Series milliseconds, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say($"look-up in {size:N0}");
        await Servers.AdvanceAsync(workspace, database, size, PercentDrawn, cancellation);
        await using var server = await Servers.ServeAsync(workspace, database, size, cancellation);
        using var pool = new PoolClient(server);

        await pool.LookUpAsync(await pool.DrawAsync(cancellation), cancellation);
        for (var i = 0; i < effort.Repeats * Times; i++)
        {
            var last = await pool.DrawAsync(cancellation);
            var watch = Stopwatch.StartNew();
            await pool.LookUpAsync(last, cancellation);
            milliseconds.Add(watch.Elapsed.TotalMilliseconds);
        }

        await server.StopAsync();
    }
}
