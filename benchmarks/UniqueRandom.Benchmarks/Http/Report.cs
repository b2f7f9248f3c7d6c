using System.Globalization;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>The report. Every number in it is computed.</summary>
internal static class Report
{
    public static string Write(Results results, Effort effort, Stamp stamp) => string.Create(CultureInfo.InvariantCulture, $"""
        # Benchmarks

        How fast UniqueRandom hands out numbers, against what bounds it and against what people do without it. This page is written by
        `scripts/benchmark.sh`; do not edit it.

        - **bare endpoint**: the same HTTP server, settings and answer, with a constant in it and no store behind it.
        - **durable commits alone**: one-row updates in SQLite with the same durability, one after the other, and no HTTP.
        - **an earlier build**: the server of an earlier commit under the same load in the same rounds, each of which has both orders.
        - **generate-and-test**: the same HTTP server over the same SQLite durability; generates a random number and inserts it until it is
          one that was not handed out before.
        - **pgbench**: what people do in PostgreSQL without UniqueRandom, as bare statements with no HTTP around them.

        ```sh
        scripts/benchmark.sh              # all of this page; about seventeen minutes, needs wrk and 4 GB of disk; PostgreSQL if it is to be measured
        scripts/benchmark.sh --quick      # the same in three minutes or four, and much less reliable
        scripts/benchmark.sh --part keys  # one part of it, printed only; BASELINE=COMMIT says what the part "builds" compares with
        dotnet run -c Release --project benchmarks/UniqueRandom.Benchmarks -- --filter '*Queue*'      # in process, by BenchmarkDotNet
        ```

        The parts are {string.Join(", ", Measurement.Parts)}.

        | | |
        |---|---|
        | date | {stamp.Date:yyyy-MM-dd HH:mm} UTC |
        | machine | {stamp.Processor}, {stamp.Cores} cores, {stamp.Gigabytes:0} GB of memory |
        | system | {stamp.System} |
        | databases on | {results.FileSystem.Type} ({results.FileSystem.Device}) |
        | SDK | {stamp.Sdk} |
        | commit | {stamp.Commit} |
        | earlier build | {results.Earlier?.Name ?? "none"} |
        | rounds | {effort.Rounds} of {effort.Seconds} s, alternating; starts and seeding of 1,000,000: {effort.Repeats}; memory and seeding of 100,000,000: 1 |

        ## Figures

        Medians. A ratio is taken within each round, and then the median of the rounds; the range is that of the rounds. MB are 1,000,000 bytes.

        {FigureTable(results)}

        ## Throughput

        wrk with one thread, on the same cores as the server. `/random` draws from a pool of {Results.LargeSize:N0} numbers; the rival is empty at
        first with as many, or 99.9 % full with {Results.LevelSize:N0}, in which it had {results.FullLeft.Before.Median:N0} numbers left before and {results.FullLeft.After.Median:N0} after a run.

        | server | connections | requests/s | p50 (ms) | p99 (ms) |
        |---|---:|---:|---:|---:|
        {Lines(Results.Connections.SelectMany(connections => Throughput(results, connections)))}
        | generate-and-test, 99.9 % full | 64 | {results.Full.Cells()} |
        | durable commits alone | | {results.Commits.Median:N0} | | |

        `/random` at 64 connections in the first per cent of the pool: {results.FirstPercent.Rate.Median:N0} requests/s; in the last: {results.LastPercent.Rate.Median:N0}.

        ## Keys, batches and seeding

        The first five are made by the same script of wrk, which builds a key for each request, whether it is sent or not. A replayed draw has a key that is
        known: the same numbers once more, and nothing is drawn. {Results.SeededSize:N0} numbers are seeded into another pool of the same database.

        {LoadTable.Draw(results)}

        {Export(results)}

        {PostgresSection.Write(results.Postgres)}## Latency against how full the pool is

        Half of the draws of a single connection took at most this many milliseconds, in a pool of {Results.LargeSize:N0} numbers for `/random`,
        and of {Results.LevelSize:N0} for generate-and-test, whose time depends on the share that is left and not on the size.
        The line that stays flat is `/random`; the one that rises is generate-and-test.

        {LatencyChart.Draw(results.ByLevel)}

        | drawn | `/random` (ms) | generate-and-test (ms) |
        |---|---:|---:|
        {Lines(results.ByLevel.Select(at => $"| {at.Level} % | {at.Random.P50.Median:0.000} | {at.Rival.P50.Median:0.000} |"))}

        """);

    /// <summary>What there is when only some parts were measured.</summary>
    public static string WriteParts(Results results) => string.Join("\n\n", new[]
    {
        Figures.Of(results).Any() ? FigureTable(results) : "",
        LoadTable.Draw(results),
        results.ExportRate.Count > 0 ? Export(results) : "",
        PostgresSection.Write(results.Postgres).TrimEnd(),
    }.Where(section => section.Length > 0));

    private static string FigureTable(Results results) => $"""
        | figure | measured | range | bar | | aim | |
        |---|---:|---:|---:|---|---:|---|
        {Lines(Figures.Of(results).Select(figure => figure.Row()))}
        """;

    private static string Export(Results results) => string.Create(CultureInfo.InvariantCulture, $"""
        The log of {Results.LevelSize:N0} drawn numbers comes out at {results.ExportRate.Median:N0} numbers a second; while it does, the p99 of
        `/random` at 64 connections is {results.WhileExporting.P99.Over(results.NoExport.P99).Median:0.00} times what it is otherwise, with the one who reads on the same cores.
        """);

    private static IEnumerable<string> Throughput(Results results, int connections) =>
    [
        $"| bare endpoint | {connections} | {results.Bare[connections].Cells()} |",
        $"| `/random` | {connections} | {results.Random[connections].Cells()} |",
        $"| generate-and-test, empty | {connections} | {results.Empty[connections].Cells()} |",
    ];

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
