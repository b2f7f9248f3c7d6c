using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>
/// Draws that arrive at a fixed rate, and draws on a disk whose sync takes as long as on a cloud disk.
/// </summary>
internal static class SlowDisk
{
    private const int Rate = 20_000;
    private const int Delay = 2000;

    public static async Task MeasureAsync(Bench bench)
    {
        if (!Programs.Exists("strace"))
        {
            Bench.Log("strace is missing; skipped. Install it with: apt-get install strace");
            return;
        }

        // The traced process is the child, and only the delayed calls enter the tracer.
        string[] strace =
        [
            "strace", "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
            "-e", $"inject=fsync,fdatasync:delay_exit={Delay}",
        ];
        await using var bare = await bench.ServeBareAsync();
        await using var usual = await bench.ServeAsync("usual.db");
        await using var slow = await bench.ServeAsync("slow.db", prefix: strace);
        await using var earlier = bench.Earlier is { } program
            ? await bench.ServeAsync("earlier.db", program: program, prefix: strace)
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
            does with them. The latency counts from the time at which a request is due. A slow sync takes {Delay / 1000} ms
            longer, which strace injects, as on cloud disks.
            """,
            Turn.Table(constant),
            "The same disk under wrk, where each connection waits for its answer:",
            Turn.Table(closed));

        Turn Fixed(string title, MeasuredServer server) => new(
            title, null, () => FixedRate.RunAsync(server.Random, Rate, bench.Effort.Seconds, bench.CancellationToken));
    }
}
