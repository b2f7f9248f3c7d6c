using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Failover.Tests.Rounds;

namespace UniqueRandom.Failover.Tests.Cluster;

/// <summary>
/// Two nodes behind HAProxy draw from three PostgreSQL servers behind PgBouncer, while Patroni changes or loses its leader.
/// </summary>
[Collection(nameof(FailoverRounds))]
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Rounds = 20;

    [Fact]
    public Task Draws_go_on_after_a_switchover_a_crash_and_a_reinitialization() =>
        RunAsync([ClusterFault.Switchover, ClusterFault.PostgresKilled, ClusterFault.StandbyReinitialized]);

    /// <summary>Takes 15 minutes.</summary>
    [Fact(Explicit = true)]
    public Task In_20_rounds_of_all_faults_nothing_is_repeated_or_lost() =>
        RunAsync(Enumerable.Range(0, Rounds).Select(round => ClusterFault.All[round % ClusterFault.All.Count]));

    private async Task RunAsync(IEnumerable<ClusterFault> faults)
    {
        await using var cluster = await LocalCluster.StartAsync();
        var ledger = new FailoverLedger();
        var rounds = new List<ClusterRound>();
        foreach (var fault in faults)
        {
            try
            {
                rounds.Add(await ClusterRound.RunAsync(cluster, fault, ledger));
                output.WriteLine($"{rounds[^1]}");
            }
            catch
            {
                output.WriteLine($"{fault.Name} failed.\n{await cluster.DescribeAsync()}");
                throw;
            }
        }

        // Each round has verified that nothing was repeated or lost.
        output.WriteLine("| Fault | Rounds | Acknowledged | Burned | Draws go on after | Longest pause |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var same in rounds.GroupBy(round => round.Fault))
            output.WriteLine(Describe(same.Key, [.. same]));
        Assert.All(rounds, round => Assert.False(round.Resumed > ClusterRound.ResumesWithin, $"Not in time: {round}"));
    }

    private static string Describe(string fault, IReadOnlyCollection<ClusterRound> rounds)
    {
        var acknowledged = rounds.Sum(round => round.Counts.Acknowledged);
        var burned = rounds.Sum(round => round.Counts.Burned);
        var resumed = ClusterRound.Describe(rounds.Max(round => round.Resumed));
        var pause = ClusterRound.Describe(rounds.Max(round => round.Pause));
        return $"| {fault} | {rounds.Count} | {acknowledged} | {burned} | {resumed} | {pause} |";
    }
}
