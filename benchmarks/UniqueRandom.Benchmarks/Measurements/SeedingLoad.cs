using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>/random while another pool of the same database is seeded, against /random at rest.</summary>
internal static class SeedingLoad
{
    private const int Size = 50_000_000;

    public static async Task MeasureAsync(Bench bench)
    {
        await using var server = await bench.ServeAsync("seeding-load.db");
        using var pools = new PoolClient(server, bench.CancellationToken);

        // The runs are as long as a seeding, because it shuffles first and stores then.
        var seconds = -1;
        await pools.CreateAsync("seeded", Size);
        for (; await pools.IsSeedingAsync("seeded"); seconds++)
            _ = await bench.LoadAsync(server.Random, 64, seconds: 1);

        Task<LoadResult> LoadAsync() => bench.LoadAsync(server.Random, 64, seconds: seconds);
        var atRest = new Turn("`/random` at rest", 64, LoadAsync);
        var during = new Turn($"`/random` while {Size:N0} are seeded", 64, LoadAsync);
        for (var (round, pool) = (1, 1); round <= bench.Effort.Rounds; pool++)
        {
            if (seconds < 1)
                throw new InvalidOperationException($"The seeding ends within a second. Make {nameof(Size)} larger.");

            Bench.Log($"round {round} of {bench.Effort.Rounds}, runs of {seconds} s");
            var rest = await atRest.WarmUpAsync();
            await pools.CreateAsync($"seeded-{pool}", Size);
            var result = await during.WarmUpAsync();
            if (await pools.IsSeedingAsync($"seeded-{pool}"))
            {
                atRest.Add(rest);
                during.Add(result);
                round++;
            }
            else
            {
                seconds--;
            }

            while (await pools.IsSeedingAsync($"seeded-{pool}"))
                await Task.Delay(10, bench.CancellationToken);
        }

        var name = $"`/random` while {Size:N0} are seeded ÷ at rest, p99 at 64 connections";
        const string step = "A seeding uses the same cores and disk, and a draw can wait for its current step.";
        bench.Results.Add(new Ratio(name, during.P99.Over(atRest.P99), step, LessIsBetter: true));
        bench.Results.AddSection("Draws during a seeding", Turn.Table(atRest, during));
    }
}
