using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>
/// Draws that arrive at a fixed rate, and draws on a disk whose sync takes as long as on a cloud disk.
/// </summary>
internal static class SlowDisk
{
    private const int Rate = 20_000;

    public static async Task MeasureAsync(Bench bench)
    {
        if (!Programs.Exists("cc"))
        {
            Bench.Log("cc is missing; skipped. Install it with: apt-get install gcc");
            return;
        }

        // Not strace: its filter slows down the other system calls of a thread as well.
        var library = bench.Workspace.PathOf("slow-sync.so");
        var source = Path.Combine(AppContext.BaseDirectory, "Disk", "slow-sync.c");
        _ = await Programs.RunAsync("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"], bench.CancellationToken);
        string[] delayed = ["env", $"LD_PRELOAD={library}"];
        await using var bare = await bench.ServeBareAsync();
        await using var usual = await bench.ServeAsync("usual.db");
        await using var slow = await bench.ServeAsync("slow.db", prefix: delayed);
        await using var earlier = bench.Earlier is { } program
            ? await bench.ServeAsync("earlier.db", program: program, prefix: delayed)
            : null;
        const string name = "`/random`, slow sync";
        List<Turn> constant = [Fixed("bare endpoint", bare), Fixed("`/random`", usual), Fixed(name, slow)];
        List<Turn> closed = [bench.Load(name, 64, slow.Random), bench.Load(name, 256, slow.Random)];
        if (earlier is not null)
        {
            constant.Add(Fixed($"{name}, earlier build", earlier));
            closed.Add(bench.Load($"{name}, earlier build", 64, earlier.Random));
            closed.Add(bench.Load($"{name}, earlier build", 256, earlier.Random));
        }

        await bench.RunRoundsAsync([.. constant, .. closed]);
        bench.Results.AddSection(
            "A fixed rate, and a slow disk",
            $"""
            Requests that arrive at a fixed rate of {Rate:N0}/s over {FixedRate.Connections:N0} connections, whatever the server
            does with them. The latency counts from the time at which a request is due. A slow sync takes 2 ms longer,
            as on cloud disks: a preloaded library sleeps for as long.
            """,
            Turn.Table(constant),
            "The same disk under wrk, where each connection waits for its answer:",
            Turn.Table(closed));

        Turn Fixed(string title, MeasuredServer server) => new(
            title, null, () => FixedRate.RunAsync(server.Random, Rate, bench.Effort.Seconds, bench.CancellationToken));
    }
}
