using System.Globalization;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>A Mermaid chart, which has no legend and no logarithmic axis: the page around it says which line is which.</summary>
internal static class LatencyChart
{
    public static string Draw(IReadOnlyCollection<(double Level, LoadSeries Random, LoadSeries Rival)> levels)
    {
        var highest = Math.Ceiling(levels.Max(at => Math.Max(at.Random.P50.Median, at.Rival.P50.Median)));
        return string.Create(CultureInfo.InvariantCulture, $"""
            ```mermaid
            xychart-beta
                title "Latency of a draw, p50 at 1 connection"
                x-axis "drawn" [{string.Join(", ", levels.Select(at => $"\"{at.Level} %\""))}]
                y-axis "milliseconds" 0 --> {highest}
                line [{Values(levels.Select(at => at.Random))}]
                line [{Values(levels.Select(at => at.Rival))}]
            ```
            """);
    }

    private static string Values(IEnumerable<LoadSeries> loads) => string.Join(", ", loads.Select(load => $"{load.P50.Median:0.000}"));
}
