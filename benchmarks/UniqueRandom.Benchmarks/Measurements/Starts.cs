using System.Diagnostics;
using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>The time and memory of starts and seedings.</summary>
internal static class Starts
{
    /// <summary>Measures the time until the first number, with the default pool.</summary>
    public static async Task MeasureAsync(Bench bench)
    {
        var (first, restart) = (new Series(), new Series());
        for (var i = 0; i < bench.Effort.Rounds; i++)
        {
            var directory = bench.Workspace.CreateDirectory($"start-{i}");
            first.Add(await StartAsync(directory));
            restart.Add(await StartAsync(directory));
        }

        bench.Results.Add(
            new Figure("start on an empty directory to the first answered draw (s)", first),
            new Figure("restart to the first answered draw (s)", restart));

        async Task<double> StartAsync(string directory)
        {
            await using var server = await MeasuredServer.StartAsync([Programs.Server], directory, bench.CancellationToken);
            await server.StopAsync();
            return server.FirstDraw.TotalSeconds;
        }
    }

    /// <summary>Measures the time to shuffle and store the default pool, without the start of a process.</summary>
    public static async Task MeasureSeedingAsync(Bench bench)
    {
        var milliseconds = new Series();
        // The first one is not recorded: it is compiled while it runs.
        for (var i = 0; i <= bench.Effort.Rounds; i++)
        {
            await using var store = await PreparedPool.OpenStoreAsync(bench.Workspace.PathOf($"{i}.db"), bench.CancellationToken);
            var watch = Stopwatch.StartNew();
            _ = await PreparedPool.SeedAsync(store, Bench.DefaultSize, bench.CancellationToken);
            if (i > 0)
                milliseconds.Add(watch.Elapsed.TotalMilliseconds);
        }

        bench.Results.Add(new Figure($"seeding {Bench.DefaultSize:N0} (ms)", milliseconds, "0"));
    }

    /// <summary>
    /// Measures the resident memory of servers after a load. They have seeded their pools themselves, which leaves the most
    /// memory in use.
    /// </summary>
    public static async Task MeasureMemoryAsync(Bench bench)
    {
        await using var smallServer = await bench.ServeAsync("small.db", Bench.DefaultSize);
        _ = await bench.LoadAsync(smallServer.Random, 64);
        var small = new Series(smallServer.Memory.Now);

        await using var largeServer = await bench.ServeAsync("large.db");
        var (seconds, peak) = (new Series(largeServer.FirstDraw.TotalSeconds), new Series(largeServer.Memory.Peak));
        _ = await bench.LoadAsync(largeServer.Random, 64);
        var large = new Series(largeServer.Memory.Now);

        const string heap = "Pools are not kept in memory. What remains is the heap, whose size varies from run to run.";
        bench.Results.Add(
            new Figure($"seeding {Bench.LargeSize:N0}, including the start (s)", seconds, "0.0"),
            new Figure($"seeding {Bench.LargeSize:N0}, peak memory (MB)", peak, "0"),
            new Figure($"resident memory while serving {Bench.DefaultSize:N0} (MB)", small, "0"),
            new Figure($"resident memory while serving {Bench.LargeSize:N0} (MB)", large, "0"),
            new Ratio("resident memory, 100,000,000 ÷ 1,000,000", large.Over(small), heap, LessIsBetter: true));
    }
}
