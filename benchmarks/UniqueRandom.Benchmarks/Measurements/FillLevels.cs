using System.Globalization;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>
/// The latency of a single client, from an empty to a nearly full pool, against generate-and-test at the same level. The pool is
/// larger, because it would be exhausted otherwise. The time of generate-and-test depends on the level alone.
/// </summary>
internal static class FillLevels
{
    private static readonly double[] Levels = [0, 50, 90, 99, 99.9];

    public static async Task MeasureAsync(Bench bench)
    {
        var (random, rival) = (new List<double>(), new List<double>());
        foreach (var level in Levels)
        {
            Bench.Log($"{level} %");
            await bench.PrepareAsync("random.db", Bench.LargeSize, level);
            await using var randomServer = await bench.ServeAsync("random.db");
            await using var rivalServer =
                await bench.ServeGenerateAndTestAsync($"rival-{level}.db", Bench.PartlyDrawnSize, level);
            var ours = new Turn("`/random`", 1, () => bench.LoadAsync(randomServer.Random, 1, seconds: 1));
            var theirs = new Turn("generate-and-test", 1, () => bench.LoadAsync(rivalServer.Random, 1, seconds: 1));
            // Few and short runs, after which the level is still nearly the same.
            await bench.RunRoundsAsync([ours, theirs], maximumRounds: 3);
            await randomServer.StopAsync();
            random.Add(ours.P50.Median);
            rival.Add(theirs.P50.Median);
        }

        // A Mermaid chart has no legend and no logarithmic axis.
        bench.Results.AddSection("Latency by how full the pool is", string.Create(CultureInfo.InvariantCulture, $"""
            The p50 at 1 connection, of `/random` in a pool of {Bench.LargeSize:N0} numbers and of generate-and-test with
            {Bench.PartlyDrawnSize:N0}. In the chart, the flat line is `/random` and the rising one is generate-and-test.

            ```mermaid
            xychart-beta
                title "Latency of a draw, p50 at 1 connection"
                x-axis "drawn" [{string.Join(", ", Levels.Select(level => $"\"{level} %\""))}]
                y-axis "milliseconds" 0 --> {Math.Ceiling(random.Concat(rival).Max())}
                line [{string.Join(", ", random.Select(Text))}]
                line [{string.Join(", ", rival.Select(Text))}]
            ```

            | drawn | `/random` (ms) | generate-and-test (ms) |
            |---|---:|---:|
            {string.Join('\n', Levels.Select((level, i) => $"| {level} % | {Text(random[i])} | {Text(rival[i])} |"))}
            """));
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
