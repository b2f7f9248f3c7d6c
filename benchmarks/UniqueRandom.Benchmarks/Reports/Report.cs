using System.Globalization;
using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Measurements;

namespace UniqueRandom.Benchmarks.Reports;

/// <summary>Writes the page of a whole measurement in Markdown.</summary>
internal static class Report
{
    public static string Write(Results results, IEnumerable<string> parts, Effort effort, Stamp stamp, string? earlier) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        # Benchmarks

        How fast UniqueRandom hands out numbers, compared with what limits it and with other ways to do it.
        `scripts/benchmark.sh` writes this page; do not edit it.

        A figure `A ÷ B` compares A with B:

        - **bare endpoint**: the same HTTP server and answer with a constant number and without a store.
        - **durable commits alone**: one-row updates in SQLite with the same durability, one after the other, without HTTP.
        - **earlier build**: the server of an earlier commit, measured in the same rounds.
        - **generate-and-test**: the same HTTP server and durability. It tries random numbers until one is new.
        - **Redis**: `SPOP` of a Redis server that syncs each write before it answers, without HTTP.
        - **pgbench**: single statements in PostgreSQL, without UniqueRandom and without HTTP.

        ```sh
        scripts/benchmark.sh              # this page: 40 minutes, wrk and 3 GB of disk; also Redis, gcc, PostgreSQL if installed
        scripts/benchmark.sh --quick      # all parts once and briefly; prints the page and changes no file
        scripts/benchmark.sh --part keys  # one part; prints it and changes no file
        BASELINE=COMMIT scripts/benchmark.sh --part builds --part cpu --pairs 15  # compares with the build of that commit
        dotnet run -c Release --project benchmarks/UniqueRandom.Benchmarks -- --filter '*Queue*'  # BenchmarkDotNet
        ```

        The parts are, in the order of this page:
        {string.Join(",\n", parts.Chunk(8).Select(line => string.Join(", ", line)))}.

        | | |
        |---|---|
        | date | {stamp.Date:yyyy-MM-dd HH:mm} UTC |
        | machine | {stamp.Machine} |
        | system | {stamp.System} |
        | databases on | {stamp.FileSystem} |
        | SDK | {stamp.Sdk} |
        | commit | {stamp.Commit} |
        | earlier build | {earlier ?? "none"} |
        | rounds | {effort.Rounds}, with runs of {effort.Seconds} s; memory 1; processor time {effort.Pairs} pairs |

        wrk, redis-benchmark and pgbench run on the cores of the server. Values are medians, and the range is that of the rounds.
        A ratio is computed in each round. MB are 1,000,000 bytes.

        {results.Write()}

        """);
}
