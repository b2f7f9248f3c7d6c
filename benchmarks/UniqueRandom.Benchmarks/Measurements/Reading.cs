using System.Diagnostics;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>Look-ups and exports.</summary>
internal static class Reading
{
    /// <summary>Measures the look-up of the number drawn last, in nearly exhausted pools, each time after a draw.</summary>
    public static async Task MeasureLookUpsAsync(Bench bench)
    {
        var (small, large) = (await MeasureAsync(Bench.DefaultSize), await MeasureAsync(Bench.LargeSize));
        bench.Results.Add(
            new Figure($"look-up of the last of {Bench.DefaultSize:N0} drawn (ms)", small, "0.0"),
            new Figure($"look-up of the last of {Bench.LargeSize:N0} drawn (s)", large.Times(0.001)));

        async Task<Series> MeasureAsync(int size)
        {
            await bench.PrepareAsync($"{size}.db", size, percentDrawn: 99.9);
            await using var server = await bench.ServeAsync($"{size}.db", size);
            using var pool = new PoolClient(server, bench.CancellationToken);
            await pool.LookUpAsync(await pool.DrawAsync());

            var milliseconds = new Series();
            for (var i = 0; i < 5 * bench.Effort.Rounds; i++)
            {
                var last = await pool.DrawAsync();
                var watch = Stopwatch.StartNew();
                await pool.LookUpAsync(last);
                milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            }

            return milliseconds;
        }
    }

    /// <summary>Measures the export of a draw log, and /random during exports.</summary>
    public static async Task MeasureExportsAsync(Bench bench)
    {
        // The draws during the exports take from the other half of the pool.
        await bench.PrepareAsync("exports.db", 2 * Bench.PartlyDrawnSize, percentDrawn: 50);
        await using var server = await bench.ServeAsync("exports.db", 2 * Bench.PartlyDrawnSize);
        using var pool = new PoolClient(server, bench.CancellationToken);
        var numbers = await pool.CountDrawnAsync();
        if (await pool.ExportAsync() is var length && length < 2 * numbers)
            throw new InvalidOperationException($"The log of {numbers} numbers has {length} bytes only.");

        var rate = new Series();
        for (var i = 0; i < bench.Effort.Rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            _ = await pool.ExportAsync();
            rate.Add(numbers / watch.Elapsed.TotalSeconds);
        }

        var before = bench.Load("`/random` before an export", 64, server.Random);
        var during = new Turn("`/random` during an export", 64, async () =>
        {
            var load = bench.LoadAsync(server.Random, 64);
            while (!load.IsCompleted)
                _ = await pool.ExportAsync();
            return await load;
        });
        await bench.RunRoundsAsync([before, during]);

        const string name = "`/random` during an export ÷ before, p99 at 64 connections";
        const string cores = "The export and its reader use the same cores as the server.";
        bench.Results.Add(
            new Figure($"numbers a second in the export of a log of {Bench.PartlyDrawnSize:N0}", rate, "N0"),
            new Ratio(name, during.P99.Over(before.P99), cores, LessIsBetter: true));
        bench.Results.AddSection("Draws during an export", Turn.Table(before, during));
    }
}
