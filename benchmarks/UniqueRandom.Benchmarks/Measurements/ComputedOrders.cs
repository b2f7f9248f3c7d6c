using System.Diagnostics;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>Draws from a pool with a computed order, against one with a stored order in the same server.</summary>
internal static class ComputedOrders
{
    private const string Computed = "computed";
    private const int Count = 1000;
    private const int BatchConnections = 8;
    private const string Reason = "The thread that commits computes the numbers, each in a fraction of a microsecond.";

    /// <summary>One more than a power of two walks most.</summary>
    private const long Size = (1L << 62) + 1;

    public static async Task MeasureAsync(Bench bench)
    {
        await using var server = await bench.ServeAsync("computed.db");
        using var pool = new PoolClient(server, bench.CancellationToken);
        await pool.CreateAsync(Computed, Size, Computed);
        var (one, many) = (new WrkRequest("GET"), new WrkRequest("POST", Body: $$"""{"count":{{Count}}}"""));
        var turns = new List<Turn>();
        foreach (var connections in new[] { 64, 256 })
        {
            turns.Add(Create("a number of a stored order", connections, "default/random", one, 1));
            turns.Add(Create("a number of a computed order", connections, $"{Computed}/random", one, 1));
        }

        turns.Add(Create($"{Count:N0} numbers of a stored order", BatchConnections, "default/draws", many, Count));
        turns.Add(Create($"{Count:N0} numbers of a computed order", BatchConnections, $"{Computed}/draws", many, Count));
        await bench.RunRoundsAsync(turns);

        bench.Results.Add(
            new Ratio(
                "a number of a computed order ÷ of a stored one, 64 connections", turns[1].Rate.Over(turns[0].Rate), Reason),
            new Ratio(
                "a number of a computed order ÷ of a stored one, 256 connections", turns[3].Rate.Over(turns[2].Rate), Reason),
            new Ratio(
                $"{Count:N0} numbers of a computed order ÷ of a stored one, {BatchConnections} connections",
                turns[5].Rate.Over(turns[4].Rate),
                Reason),
            new Figure(
                $"numbers a second of a computed order, in draws of {Count:N0}, {BatchConnections} connections",
                turns[5].Rate.Times(Count), "N0"),
            new Figure("creation of a computed order, and the first draw from it (ms)", await CreateAndDrawAsync(bench, pool)));
        bench.Results.AddSection(
            "Computed orders",
            $"The computed order has {Size:N0} numbers, the size that takes longest. The stored one has {Bench.LargeSize:N0}.",
            Turn.Table(turns));

        Turn Create(string name, int connections, string path, WrkRequest request, int count) => new(
            name,
            connections,
            // A second, so that the stored order is not exhausted.
            () => Bench.CheckAsync(
                pool,
                () => bench.LoadAsync(new Uri(server.Address, $"pools/{path}").ToString(), connections, request, seconds: 1),
                count,
                path.Split('/')[0]));
    }

    private static async Task<Series> CreateAndDrawAsync(Bench bench, PoolClient pool)
    {
        var milliseconds = new Series();
        for (var round = 0; round < 10 * bench.Effort.Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await pool.CreateAsync($"new-{round}", Size, Computed);
            _ = await pool.DrawAsync(pool: $"new-{round}");
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return milliseconds;
    }
}
