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
        - **generate-and-test**: the same HTTP server over the same SQLite durability; generates a random number and inserts it until it is
          one that was not handed out before.

        ```sh
        scripts/benchmark.sh              # all of this page; about six minutes, needs wrk and 3 GB of disk
        scripts/benchmark.sh --quick      # the same in a minute or two, and much less reliable
        dotnet run -c Release --project benchmarks/UniqueRandom.Benchmarks -- --filter '*Queue*'      # in process, by BenchmarkDotNet
        ```

        | | |
        |---|---|
        | date | {stamp.Date:yyyy-MM-dd HH:mm} UTC |
        | machine | {stamp.Processor}, {stamp.Cores} cores, {stamp.Gigabytes:0} GB of memory |
        | system | {stamp.System} |
        | databases on | {results.FileSystem.Type} ({results.FileSystem.Device}) |
        | SDK | {stamp.Sdk} |
        | commit | {stamp.Commit} |
        | rounds | {effort.Rounds} of {effort.Seconds} s, alternating; starts and seeding of 1,000,000: {effort.Repeats}; memory and seeding of 100,000,000: 1 |

        ## Figures

        Medians. A ratio is taken within each round, and then the median of the rounds; the range is that of the rounds. MB are 1,000,000 bytes.

        | figure | measured | range | bar | | aim | |
        |---|---:|---:|---:|---|---:|---|
        {Lines(Figures.Of(results).Select(figure => figure.Row()))}

        ## Throughput

        wrk with one thread, on the same cores as the server. `/random` draws from a pool of {Results.LargeSize:N0} numbers; the rival is empty at
        first with as many, or 99.9 % full with {Results.LevelSize:N0}, in which it had {results.FullLeft.Before.Median:N0} numbers left before and {results.FullLeft.After.Median:N0} after a run.

        | server | connections | requests/s | p50 (ms) | p99 (ms) |
        |---|---:|---:|---:|---:|
        {Lines(Results.Connections.SelectMany(connections => Throughput(results, connections)))}
        | generate-and-test, 99.9 % full | 64 | {Load(results.Full)} |
        | durable commits alone | | {results.Commits.Median:N0} | | |

        `/random` at 64 connections in the first per cent of the pool: {results.FirstPercent.Rate.Median:N0} requests/s; in the last: {results.LastPercent.Rate.Median:N0}.

        ## Latency against how full the pool is

        Half of the draws of a single connection took at most this many milliseconds, in a pool of {Results.LargeSize:N0} numbers for `/random`,
        and of {Results.LevelSize:N0} for generate-and-test, whose time depends on the share that is left and not on the size.
        The line that stays flat is `/random`; the one that rises is generate-and-test.

        {LatencyChart.Draw(results.ByLevel)}

        | drawn | `/random` (ms) | generate-and-test (ms) |
        |---|---:|---:|
        {Lines(results.ByLevel.Select(at => $"| {at.Level} % | {at.Random.P50.Median:0.000} | {at.Rival.P50.Median:0.000} |"))}

        """);

    private static IEnumerable<string> Throughput(Results results, int connections) =>
    [
        $"| bare endpoint | {connections} | {Load(results.Bare[connections])} |",
        $"| `/random` | {connections} | {Load(results.Random[connections])} |",
        $"| generate-and-test, empty | {connections} | {Load(results.Empty[connections])} |",
    ];

    private static string Load(LoadSeries loads) => $"{loads.Rate.Median:N0} | {loads.P50.Median:0.00} | {loads.P99.Median:0.00}";

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
