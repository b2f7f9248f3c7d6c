using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;
using UniqueRandom.Benchmarks.Rivals;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>/random against the bare endpoint, generate-and-test, and the commits of the disk.</summary>
internal static class Throughput
{
    private const double FullPercent = 99.9;
    private const string Full = "full.db";

    public static async Task MeasureAsync(Bench bench)
    {
        GenerateAndTest.Open(bench.Workspace.PathOf(Full), Bench.PartlyDrawnSize, FullPercent).Dispose();
        await using var bareServer = await bench.ServeBareAsync();
        await using var randomServer = await bench.ServeAsync("random.db");
        await using var emptyServer = await bench.ServeGenerateAndTestAsync("empty.db", Bench.LargeSize, filled: 0);

        var turns = new List<Turn>();
        var (bare, random, empty) = (new Dictionary<int, Turn>(), new Dictionary<int, Turn>(), new Dictionary<int, Turn>());
        foreach (var count in new[] { 1, 4, 16, 64, 256 })
        {
            turns.Add(bare[count] = bench.Load("bare endpoint", count, bareServer.Random));
            turns.Add(random[count] = new Turn("`/random`", count, () => LoadTimedAsync(bench, randomServer, count)));
            if (count is 1 or 64 or 256)
                turns.Add(empty[count] = bench.Load("generate-and-test, empty", count, emptyServer.Random));
        }

        var full = new Turn($"generate-and-test, {FullPercent} % full", 64, () => LoadFullAsync(bench));
        var duration = TimeSpan.FromSeconds(bench.Effort.Seconds);
        var commits = new Turn("durable commits alone", null, () =>
            Task.FromResult(new LoadResult(CommitRate.Measure(bench.Workspace.PathOf("commits.db"), duration))));
        turns.AddRange(full, commits);
        await bench.RunRoundsAsync(turns);

        const string synced = "A draw waits in the queue for a transaction that is synced to disk.";
        const string sequential = "A single client waits for an HTTP request and for a commit, one after the other.";
        bench.Results.Add(
            new Ratio("`/random` ÷ bare endpoint, 4 connections", random[4].Rate.Over(bare[4].Rate), synced),
            new Ratio("`/random` ÷ bare endpoint, 16 connections", random[16].Rate.Over(bare[16].Rate), synced),
            new Ratio("`/random` ÷ bare endpoint, 64 connections", random[64].Rate.Over(bare[64].Rate), synced),
            new Ratio("`/random` ÷ bare endpoint, 256 connections", random[256].Rate.Over(bare[256].Rate), synced),
            new Ratio("p99 of `/random` ÷ of the bare endpoint, 64 connections", random[64].P99.Over(bare[64].P99), synced,
                LessIsBetter: true),
            new Figure("server processor time of a draw, 1 connection (µs)", random[1].ProcessorTime, "0"),
            new Ratio("`/random`, 1 connection ÷ durable commits alone", random[1].Rate.Over(commits.Rate), sequential),
            new Ratio("`/random` ÷ generate-and-test, empty, 64 connections", random[64].Rate.Over(empty[64].Rate), null, "0.0"),
            new Ratio("`/random` ÷ generate-and-test, 99.9 % full, 64 connections", random[64].Rate.Over(full.Rate), null, "0"));
        bench.Results.AddSection(
            "Throughput",
            $"""
            `/random` draws from a pool of {Bench.LargeSize:N0} numbers. generate-and-test has as many and is empty at first,
            or has {Bench.PartlyDrawnSize:N0} and is {FullPercent} % full at the start of each round.
            """,
            Turn.Table(turns));
    }

    private static async Task<LoadResult> LoadTimedAsync(Bench bench, MeasuredServer server, int connections)
    {
        var before = server.ProcessorTime;
        var result = await bench.LoadAsync(server.Random, connections);
        return result with { ProcessorTime = (server.ProcessorTime - before).TotalMicroseconds / result.Requests };
    }

    // A new copy and one second: close to its end, generate-and-test gets slower with each number.
    private static async Task<LoadResult> LoadFullAsync(Bench bench)
    {
        const string copy = "full-copy.db";
        bench.Workspace.Copy(Full, copy);
        try
        {
            await using var server = await bench.ServeGenerateAndTestAsync(copy, Bench.PartlyDrawnSize, FullPercent);
            _ = await bench.LoadAsync(server.Random, 64, seconds: 1);
            return await bench.LoadAsync(server.Random, 64, seconds: 1);
        }
        finally
        {
            bench.Workspace.Remove(copy);
        }
    }
}
