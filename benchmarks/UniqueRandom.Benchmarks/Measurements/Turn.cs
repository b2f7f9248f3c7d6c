using System.Globalization;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>A load that runs once in each round, and its results.</summary>
/// <param name="name">The name of its row in a table.</param>
/// <param name="connections">Its connections; null if it has none.</param>
/// <param name="runAsync">Runs it.</param>
internal sealed class Turn(string name, int? connections, Func<Task<LoadResult>> runAsync)
{
    public Series Rate { get; } = new();

    public Series P50 { get; } = new();

    public Series P99 { get; } = new();

    public Series ProcessorTime { get; } = new();

    public static string Table(params IEnumerable<Turn> turns) => $"""
        | request | connections | requests/s | p50 (ms) | p99 (ms) |
        |---|---:|---:|---:|---:|
        {string.Join('\n', turns.Select(turn => turn.Row()))}
        """;

    public Task<LoadResult> WarmUpAsync() => runAsync();

    public async Task RunAsync() => Add(await runAsync());

    public void Add(LoadResult result)
    {
        Rate.Add(result.Rate);
        P50.Add(result.P50);
        P99.Add(result.P99);
        ProcessorTime.Add(result.ProcessorTime);
    }

    private string Row() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {connections} | {Rate.Median:N0} | {Text(P50)} | {Text(P99)} |");

    private static string Text(Series latency) =>
        double.IsNaN(latency.Median) ? "" : latency.Median.ToString("0.00", CultureInfo.InvariantCulture);
}
