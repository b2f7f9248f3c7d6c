using UniqueRandom.Benchmarks.Disk;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>
/// Resident memory while serving, right after a load, of servers that have seeded their pool themselves, which leaves the most behind.
/// The large one is also the measure of seeding, and its database stays for what comes next.
/// </summary>
internal static class Memory
{
    private const int Connections = 64;

    public static async Task MeasureAsync(Workspace workspace, Results results, Effort effort, CancellationToken cancellation)
    {
        Measurement.Say("memory, and seeding of 100,000,000");
        await using (var small = await Servers.ServeAsync(workspace, "small.db", Results.DefaultSize, cancellation))
        {
            _ = await Wrk.RunAsync(small.Random, Connections, effort.Seconds, cancellation);
            results.ResidentMemory.Add(small.Megabytes("VmRSS"));
            await small.StopAsync();
        }

        await using var large = await Servers.ServeAsync(workspace, Servers.Large, Results.LargeSize, cancellation);
        results.LargeFirstStart.Add(large.UntilAnswer.TotalSeconds);
        results.LargePeakMemory.Add(large.Megabytes("VmHWM"));
        _ = await Wrk.RunAsync(large.Random, Connections, effort.Seconds, cancellation);
        results.LargeResidentMemory.Add(large.Megabytes("VmRSS"));
        await large.StopAsync();
    }
}
