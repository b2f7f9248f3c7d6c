using UniqueRandom.Benchmarks.Figures;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>This build against an earlier one. An earlier build refuses a later format, so each has its own database.</summary>
internal static class Builds
{
    /// <summary>Measures requests a second.</summary>
    public static async Task MeasureAsync(Bench bench)
    {
        if (bench.Earlier is null)
            return;

        await using var present = await bench.ServeAsync("present.db");
        await using var earlier = await bench.ServeAsync("earlier.db", program: bench.Earlier);
        var turns = new List<Turn>();
        foreach (var count in new[] { 64, 256 })
        {
            turns.Add(bench.Load("`/random` of this build", count, present.Random));
            turns.Add(bench.Load("`/random` of the earlier build", count, earlier.Random));
        }

        await bench.RunRoundsAsync(turns, mirrored: true);
        bench.Results.Add(
            new Ratio("`/random` ÷ `/random` of the earlier build, 64 connections", turns[0].Rate.Over(turns[1].Rate)),
            new Ratio("`/random` ÷ `/random` of the earlier build, 256 connections", turns[2].Rate.Over(turns[3].Rate)));
        bench.Results.AddSection("This build and the earlier one", Turn.Table(turns));
    }

    /// <summary>Measures the processor time of a draw, in pairs of runs that alternate their order.</summary>
    public static async Task MeasureProcessorTimeAsync(Bench bench)
    {
        if (bench.Earlier is null)
            return;

        await using var presentServer = await bench.ServeAsync("present.db");
        await using var earlierServer = await bench.ServeAsync("earlier.db", program: bench.Earlier);
        var (present, earlier) = (new Series(), new Series());
        var pair = new[] { (Server: presentServer, Times: present), (Server: earlierServer, Times: earlier) };
        foreach (var (server, _) in pair)
            _ = await ProcessorTime.OfDrawAsync(bench, server);
        for (var i = 1; i <= bench.Effort.Pairs; i++)
        {
            Bench.Log($"pair {i} of {bench.Effort.Pairs}");
            Array.Reverse(pair);
            foreach (var (server, times) in pair)
                times.Add(await ProcessorTime.OfDrawAsync(bench, server));
        }

        const string name = "server processor time of a draw";
        bench.Results.Add(
            new Figure($"{name}, 64 connections (µs)", present, "0.0"),
            new Figure($"{name}, earlier build, 64 connections (µs)", earlier, "0.0"),
            new Ratio($"{name} ÷ earlier build, 64 connections", present.Over(earlier), Format: "0.000", LessIsBetter: true));
    }
}
