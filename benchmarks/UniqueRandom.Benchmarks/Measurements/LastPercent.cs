using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>The first per cent of a pool against the last per cent of its copy.</summary>
internal static class LastPercent
{
    public static async Task MeasureAsync(Bench bench)
    {
        await bench.PrepareAsync("first.db", Bench.LargeSize, percentDrawn: 0);
        bench.Workspace.Copy("first.db", "last.db");
        await bench.PrepareAsync("last.db", Bench.LargeSize, percentDrawn: 99);
        await using var firstServer = await bench.ServeAsync("first.db");
        await using var lastServer = await bench.ServeAsync("last.db");

        // Five rounds and the warm-up fit into one per cent.
        var request = new WrkRequest("GET", Limit: Bench.LargeSize / 100 / 7);
        var first = new Turn("`/random`, first 1 % of the pool", 64, () => LoadAsync(firstServer.Random));
        var last = new Turn("`/random`, last 1 % of the pool", 64, () => LoadAsync(lastServer.Random));
        await bench.RunRoundsAsync([first, last], maximumRounds: 5);
        bench.Results.Add(new Ratio("last 1 % of the pool ÷ first 1 %, 64 connections", last.Rate.Over(first.Rate)));
        bench.Results.AddSection("The first and the last per cent", Turn.Table(first, last));

        Task<LoadResult> LoadAsync(string url) => bench.LoadAsync(url, 64, request, seconds: 60);
    }
}
