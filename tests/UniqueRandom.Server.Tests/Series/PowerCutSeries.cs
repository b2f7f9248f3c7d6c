using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>Cuts the power under load. Disks that lie about a sync show that the cut loses what is not synced.</summary>
public sealed class PowerCutSeries(FaultTable table, ITestOutputHelper output)
{
    private const string Syncs = "fsync,fdatasync";

    /// <summary>Reports success, and does nothing: the same as <c>synchronous = NORMAL</c> for the commits.</summary>
    private const string Lie = "retval=0";

    [Fact]
    public async Task Power_cuts()
    {
        await using var disk = await LoopFileSystem.MountAsync();
        using var run = new FaultRun("power cut", table, output) { Database = disk.Database };
        await run.RepeatAsync(TestRounds.Count(few: 2, all: 25), async (server, _) =>
        {
            var load = await run.LoadAsync();
            await load.ReceiveAsync(Random.Shared.Next(1, 3000));
            await disk.CutPowerAsync(server);
            await load.EndAsync();
        });
    }

    [Fact]
    public async Task A_disk_that_lies_about_each_sync_loses_draws_in_a_power_cut()
    {
        await using var disk = await LoopFileSystem.MountAsync();
        using var run = new FaultRun("power cut, no sync is done (control)", table, output) { Database = disk.Database };
        await using var server = await run.StartAsync();
        await CutPowerAsync(disk, server, run, path: null);

        await using var next = await run.RecoverAsync();
        // What is drawn after the cut was handed out before it.
        var load = await run.LoadAsync(LoadShape.WithoutKeys);
        await load.ReceiveAsync(500);
        await load.EndAsync();
        await run.Ledger.VerifyAsync(next.Client);
        await run.EndAsync(next);

        Assert.InRange(run.Ledger.Lost, 1, int.MaxValue);
        Assert.InRange(run.Ledger.Repeated, 1, int.MaxValue);
    }

    [Fact]
    public async Task A_database_whose_commits_were_not_synced_is_refused_after_a_power_cut_because_of_its_mark()
    {
        await using var disk = await LoopFileSystem.MountAsync();
        using var run = new FaultRun("power cut, commits are not synced (control)", table, output) { Database = disk.Database };
        await using var server = await run.StartAsync();
        await CutPowerAsync(disk, server, run, disk.Database + "-wal");

        await using (var refused = run.Launch())
        {
            Assert.Equal(1, await refused.ExitAsync());
            Assert.Contains("is an old copy, and would hand out numbers again", Assert.Single(refused.Errors));
        }

        await using var next = await run.RecoverAsync("--resume-after-restore");
        await run.EndAsync(next);
        Assert.Equal(0, run.Ledger.Repeated);
        Assert.InRange(run.Ledger.Lost, 1, int.MaxValue);
    }

    /// <summary>Draws, then makes the disk lie, draws more, and cuts the power.</summary>
    private static async Task CutPowerAsync(LoopFileSystem disk, ServerProcess server, FaultRun run, string? path)
    {
        var load = await run.LoadAsync(LoadShape.WithoutKeys);
        await load.ReceiveAsync(100);
        await using var strace = await Strace.AttachAsync(server.Id, Syncs, Lie, path);
        // The last sync of the mark has ended when the next one begins, and has what was drawn since the disk lies.
        for (var first = SyncsOf(disk.Database); SyncsOf(disk.Database) < first + 3;)
            await load.ReceiveAsync(100);
        await disk.CutPowerAsync(server);
        await load.EndAsync();
    }

    /// <summary>Reads how often the mark was synced, from the counter that it keeps at this place.</summary>
    private static long SyncsOf(string database)
    {
        const int counterPlace = 64;
        using var mark = File.OpenHandle($"{database}.mark", share: FileShare.ReadWrite);
        Span<byte> counter = stackalloc byte[sizeof(long)];
        Assert.Equal(counter.Length, RandomAccess.Read(mark, counter, counterPlace));
        return BitConverter.ToInt64(counter);
    }
}
