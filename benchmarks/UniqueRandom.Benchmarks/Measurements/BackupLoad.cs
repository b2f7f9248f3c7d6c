using UniqueRandom.Benchmarks.Figures;
using UniqueRandom.Benchmarks.Load;
using UniqueRandom.Benchmarks.Processes;

namespace UniqueRandom.Benchmarks.Measurements;

/// <summary>/random while the database is backed up again and again, against /random at rest.</summary>
internal static class BackupLoad
{
    private const int Size = 10_000_000;

    public static async Task MeasureAsync(Bench bench)
    {
        var backups = bench.Workspace.CreateDirectory("backups");
        await using var server = await bench.ServeAsync("backup-load.db", Size, switches: ["--backup-directory", backups]);
        using var client = new PoolClient(server, bench.CancellationToken);
        var atRest = new Turn("`/random` at rest", 64, () => bench.LoadAsync(server.Random, 64));
        var during = new Turn($"`/random` while {Size:N0} are backed up", 64, LoadAsync);
        for (var round = 1; round <= bench.Effort.Rounds; round++)
        {
            Bench.Log($"round {round} of {bench.Effort.Rounds}");
            atRest.Add(await atRest.WarmUpAsync());
            during.Add(await during.WarmUpAsync());
        }

        var name = $"`/random` while {Size:N0} are backed up ÷ at rest, p99 at 64 connections";
        const string step = "A backup uses the same cores and disk, and a draw can wait for its current slice.";
        bench.Results.Add(new Ratio(name, during.P99.Over(atRest.P99), step, LessIsBetter: true));
        bench.Results.AddSection("Draws during a backup", Turn.Table(atRest, during));

        async Task<LoadResult> LoadAsync()
        {
            using var stop = new CancellationTokenSource();
            var backingUp = client.BackUpUntilAsync(backups, stop.Token);
            var result = await bench.LoadAsync(server.Random, 64);
            await stop.CancelAsync();
            Bench.Log($"{await backingUp} backups");
            return result;
        }
    }
}
