using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>Draws over HTTP and over the Redis protocol against SPOP of Redis.</summary>
internal static class Redis
{
    private const int Pipeline = 16;

    public static async Task MeasureAsync(Bench bench)
    {
        if (!Programs.Exists("redis-server") || !Programs.Exists("redis-benchmark"))
        {
            Bench.Log("redis-server is missing; skipped. Install it with: apt-get install redis-server");
            return;
        }

        var size = 600_000 * (bench.Effort.Rounds + 1) * bench.Effort.Seconds;
        await using var theirs = await RedisServer.StartAsync(
            bench.Workspace.CreateDirectory("redis"), size, bench.CancellationToken);
        var port = LoopbackPort.Take();
        await using var ours = await bench.ServeAsync("redis.db", switches: ["--redis-urls", $"127.0.0.1:{port}"]);

        var turns = new List<Turn>();
        var (http, pop, rival) = (new Dictionary<int, Turn>(), new Dictionary<int, Turn>(), new Dictionary<int, Turn>());
        foreach (var count in new[] { 64, 256 })
        {
            turns.Add(http[count] = bench.Load("`/random` over HTTP", count, ours.Random));
            turns.Add(rival[count] = Pop("Redis, `SPOP`", theirs.Port, size, count));
            turns.Add(pop[count] = Pop("`SPOP`", port, Bench.LargeSize, count));
        }

        var pipelined = Pop($"`SPOP`, {Pipeline} pipelined", port, Bench.LargeSize, 64, Pipeline);
        var pipelinedRival = Pop($"Redis, `SPOP`, {Pipeline} pipelined", theirs.Port, size, 64, Pipeline);
        turns.AddRange(pipelinedRival, pipelined);
        await bench.RunRoundsAsync(turns);

        const string queue = "A draw waits in the queue for a transaction in SQLite; Redis appends to a file.";
        const string http11 = $"{queue} HTTP costs more than RESP, and wrk and redis-benchmark differ.";
        bench.Results.Add(
            new Ratio("`/random` over HTTP ÷ `SPOP` of Redis, 64 connections", http[64].Rate.Over(rival[64].Rate), http11),
            new Ratio("`/random` over HTTP ÷ `SPOP` of Redis, 256 connections", http[256].Rate.Over(rival[256].Rate), http11),
            new Ratio("`SPOP` ÷ `SPOP` of Redis, 64 connections", pop[64].Rate.Over(rival[64].Rate), queue),
            new Ratio("`SPOP` ÷ `SPOP` of Redis, 256 connections", pop[256].Rate.Over(rival[256].Rate), queue),
            new Ratio(
                $"`SPOP` ÷ `SPOP` of Redis, {Pipeline} pipelined, 64 connections",
                pipelined.Rate.Over(pipelinedRival.Rate),
                queue));
        bench.Results.AddSection(
            "Redis",
            $"""
            Redis {await VersionAsync(bench)} with `appendonly yes`, `appendfsync always` and a set of {size:N0} numbers. Load:
            redis-benchmark, and wrk over HTTP.
            """,
            Turn.Table(turns));

        Turn Pop(string name, int port, int available, int connections, int pipeline = 1)
        {
            // redis-benchmark has no option for a time. A run sends as many commands as fit into its time at the rate of the last
            // one, but leaves enough for all other runs.
            var commands = 20_000 * pipeline;
            return new Turn(name, connections, async () =>
            {
                var before = await RedisBenchmark.CountAsync(port, bench.CancellationToken);
                var result = await RedisBenchmark.PopAsync(port, connections, pipeline, commands, bench.CancellationToken);
                var drawn = before - await RedisBenchmark.CountAsync(port, bench.CancellationToken);
                if (drawn < commands)
                    throw new InvalidOperationException($"{commands} commands drew {drawn} numbers.");
                commands = (int)Math.Min(result.Rate * bench.Effort.Seconds, available / (4 * (bench.Effort.Rounds + 1)));
                return result;
            });
        }
    }

    private static async Task<string> VersionAsync(Bench bench) =>
        (await Programs.RunAsync("redis-server", ["--version"], bench.CancellationToken)).Split(' ')[2]["v=".Length..];
}
