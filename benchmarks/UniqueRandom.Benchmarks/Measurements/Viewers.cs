using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>What viewers of the dashboard cost the server.</summary>
internal static class Viewers
{
    private const int Count = 100;
    private const int Pools = 500;

    /// <summary>Measures processor time and memory with and without viewers, in pairs that alternate their order.</summary>
    public static async Task MeasureAsync(Bench bench)
    {
        await using var server = await bench.ServeAsync("viewers.db");
        using (var pools = new PoolClient(server, bench.CancellationToken))
        {
            for (var i = 1; i < Pools; i++)
                await pools.CreateAsync($"watched-{i}", size: 1000);
        }

        var (alone, watched, share, memory) = (new Series(), new Series(), new Series(), new Series());
        // Both ways once, so that their code is compiled.
        await using (await EventViewers.StartAsync(server, Count, bench.CancellationToken))
            _ = await ProcessorTime.OfDrawAsync(bench, server);
        for (var pair = 1; pair <= bench.Effort.Pairs; pair++)
        {
            Bench.Log($"pair {pair} of {bench.Effort.Pairs}");
            var isWatchedFirst = pair % 2 == 0;
            foreach (var isWatched in (bool[])[isWatchedFirst, !isWatchedFirst])
            {
                if (!isWatched)
                {
                    alone.Add(await ProcessorTime.OfDrawAsync(bench, server));
                    continue;
                }

                var before = server.Memory.Now;
                await using var viewers = await EventViewers.StartAsync(server, Count, bench.CancellationToken);
                var (pool, all) = (server.PoolThreads, server.ProcessorTime);
                watched.Add(await ProcessorTime.OfDrawAsync(bench, server));
                share.Add(server.PoolThreads.Since(pool) / (server.ProcessorTime - all) * 100);
                memory.Add(1000 * (server.Memory.Now - before) / Count);
            }
        }

        bench.Results.Add(
            new Ratio(
                $"server processor time of a draw with {Count} viewers of {Pools} pools ÷ without",
                watched.Over(alone),
                "The processes of the viewers run on the same processors as the server, and make its work slower.",
                "0.000",
                LessIsBetter: true),
            new Figure($"part of the server's processor time that {Count} viewers of {Pools} pools take (%)", share),
            new Figure($"memory of a viewer of {Pools} pools (KB)", memory, "0.0"));
    }
}
