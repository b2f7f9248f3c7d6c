using System.Diagnostics;
using UniqueRandom.Failover.Tests.Load;

namespace UniqueRandom.Failover.Tests.Cluster;

/// <summary>The result of one fault under load.</summary>
/// <param name="Fault">The name of the fault.</param>
/// <param name="Counts">What became of the draws.</param>
/// <param name="Resumed">
/// The longest time from a new leader to the first answer of a draw that was sent after it; null without a new leader.
/// </param>
/// <param name="Pause">The longest time without an answer.</param>
internal sealed record ClusterRound(string Fault, FailoverCounts Counts, TimeSpan? Resumed, TimeSpan Pause)
{
    /// <summary>The requirement: draws go on within this time after Patroni has a new leader.</summary>
    public static readonly TimeSpan ResumesWithin = TimeSpan.FromSeconds(10);

    /// <summary>Causes a fault while clients draw through HAProxy, and compares what they got with what is stored.</summary>
    public static async Task<ClusterRound> RunAsync(LocalCluster cluster, ClusterFault fault, FailoverLedger ledger)
    {
        var leader = await cluster.FindLeaderAsync();
        using var load = new FailoverLoad([cluster.Address]);
        await using var watch = new LeaderWatch(cluster.Members, leader);
        await load.WaitForAnswersAsync(0, more: 100);
        var began = Stopwatch.GetTimestamp();
        await fault.StrikeAsync(cluster, leader, load);
        await load.WaitForAnswersAsync(0, more: 100);
        if (fault.RepairAsync is not null)
            await fault.RepairAsync(cluster, leader);
        await cluster.HealsAsync();
        await load.WaitForAnswersAsync(0, more: 100);
        var changes = await watch.FinishAsync();
        await load.FinishAsync();

        var primary = await cluster.FindLeaderAsync();
        var counts = ledger.Verify(load, await ReplicatedDraws.ReadAsync(cluster.ConnectionString(primary)));
        return new(fault.Name, counts, changes.Max(change => ResumedAfter(load, change)), PauseOf(load, began));
    }

    public static string Describe(TimeSpan? time) =>
        time is null ? "–" : FormattableString.Invariant($"{time.Value.TotalSeconds:0.0} s");

    public override string ToString() =>
        $"{Fault}: {Counts}; {Describe(Resumed)} after the new leader, {Describe(Pause)} without an answer";

    private static TimeSpan? ResumedAfter(FailoverLoad load, long change) => Stopwatch.GetElapsedTime(
        change, load.Answers.Where(answer => answer.Sent > change).Min(answer => answer.Received));

    private static TimeSpan PauseOf(FailoverLoad load, long began)
    {
        long[] received = [began, .. load.Answers.Select(answer => answer.Received).Where(at => at > began).Order()];
        return received.Zip(received.Skip(1)).Max(pair => Stopwatch.GetElapsedTime(pair.First, pair.Second));
    }
}
