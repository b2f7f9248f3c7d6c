using System.Diagnostics;
using UniqueRandom.Failover.Tests.Load;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Failover.Tests.Cluster;

/// <summary>What happens to the cluster during a load.</summary>
/// <param name="Name">The name in the results.</param>
/// <param name="StrikeAsync">Causes the fault at the given leader, and waits for what Patroni should do.</param>
/// <param name="RepairAsync">Repairs what Patroni can't.</param>
internal sealed record ClusterFault(
    string Name,
    Func<LocalCluster, ClusterMember, FailoverLoad, Task> StrikeAsync,
    Func<LocalCluster, ClusterMember, Task>? RepairAsync = null)
{
    /// <summary>Longer than the 20 seconds after which Patroni replaces a leader that it does not hear of.</summary>
    private static readonly TimeSpan LongerThanLease = TimeSpan.FromSeconds(25);

    /// <summary>How long draws may pause while the leader stays.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Longer than Patroni takes to replace a leader whose PostgreSQL has crashed.</summary>
    private static readonly TimeSpan LongerThanFailover = TimeSpan.FromSeconds(8);

    public static readonly ClusterFault Switchover = new("switch-over", async (cluster, leader, _) =>
    {
        await cluster.ControlAsync("switchover", "--leader", leader.Name, "--force");
        await cluster.FindNewLeaderAsync(leader);
    });

    public static readonly ClusterFault PostgresKilled = new("kill -9 of the leader's PostgreSQL", async (cluster, leader, _) =>
    {
        await leader.KillPostgresAsync();
        await cluster.FindNewLeaderAsync(leader);
    });

    /// <summary>Nobody stops the old leader, which is a primary until its Patroni is back.</summary>
    public static readonly ClusterFault PatroniKilled = new(
        "kill -9 of the leader's Patroni",
        async (cluster, leader, _) =>
        {
            await leader.KillPatroniAsync();
            await cluster.FindNewLeaderAsync(leader);
            Assert.False(await PostgresSql.ScalarAsync<bool>(cluster.ConnectionString(leader), "SELECT pg_is_in_recovery()"));
        },
        (_, leader) => leader.StartAsync());

    public static readonly ClusterFault BothKilled = new(
        "kill -9 of both",
        async (cluster, leader, _) =>
        {
            await leader.KillPatroniAsync();
            await leader.KillPostgresAsync();
            await cluster.FindNewLeaderAsync(leader);
        },
        (_, leader) => leader.StartAsync());

    /// <summary>Patroni can't stop PostgreSQL, which is a primary when it goes on.</summary>
    public static readonly ClusterFault PostgresFrozen = new(
        "freeze of the leader's PostgreSQL",
        async (cluster, leader, _) =>
        {
            await leader.FreezePostgresAsync();
            await cluster.FindNewLeaderAsync(leader);
        },
        (_, leader) => leader.ThawPostgresAsync());

    public static readonly ClusterFault LeaderCutOff = new(
        "leader cut off from etcd, failsafe_mode",
        async (cluster, leader, load) =>
        {
            leader.Etcd.Freeze();
            await StaysLeaderAsync(cluster, leader, load);
        },
        (_, leader) => Restore(leader));

    public static readonly ClusterFault LeaderCutOffWithoutFailsafe = new(
        "leader cut off from etcd, no failsafe_mode",
        async (cluster, leader, _) =>
        {
            await SetFailsafeModeAsync(cluster, isOn: false);
            leader.Etcd.Freeze();
            await cluster.FindNewLeaderAsync(leader);
        },
        async (cluster, leader) =>
        {
            await Restore(leader);
            await SetFailsafeModeAsync(cluster, isOn: true);
        });

    public static readonly ClusterFault EtcdFrozen = new(
        "freeze of etcd, failsafe_mode",
        async (cluster, leader, load) =>
        {
            await cluster.SignalEtcdAsync("STOP");
            await StaysLeaderAsync(cluster, leader, load);
        },
        (cluster, _) => cluster.SignalEtcdAsync("CONT"));

    /// <summary>Nobody takes over before Patroni is resumed. Then the old leader may lead again.</summary>
    public static readonly ClusterFault Paused = new(
        "pause, kill -9 of PostgreSQL, resume",
        async (cluster, leader, load) =>
        {
            await cluster.ControlAsync("pause", "--wait");
            await leader.KillPostgresAsync();
            var killed = Stopwatch.GetTimestamp();
            await Task.Delay(LongerThanFailover);
            Assert.Equal(0, load.AnsweredBetween(0, killed, Stopwatch.GetTimestamp()));
            await cluster.ControlAsync("resume", "--wait");
            await cluster.FindLeaderAsync();
        });

    public static readonly ClusterFault StandbyReinitialized = new(
        "reinit of the synchronous standby",
        async (cluster, _, _) =>
        {
            var standby = await cluster.FindStandbyAsync();
            await cluster.ControlAsync("reinit", "numbers", standby.Name, "--force", "--wait");
        });

    public static readonly IReadOnlyList<ClusterFault> All =
    [
        Switchover, PostgresKilled, PatroniKilled, BothKilled, PostgresFrozen, LeaderCutOff, LeaderCutOffWithoutFailsafe,
        EtcdFrozen, Paused, StandbyReinitialized,
    ];

    /// <summary>Verifies that draws go on, and that the leader stays, for longer than Patroni waits for one.</summary>
    private static async Task StaysLeaderAsync(LocalCluster cluster, ClusterMember leader, FailoverLoad load)
    {
        var end = Stopwatch.GetTimestamp() + (long)(LongerThanLease.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            var start = Stopwatch.GetTimestamp();
            await Task.Delay(LongestPause);
            Assert.NotEqual(0, load.AnsweredBetween(0, start, Stopwatch.GetTimestamp()));
        }

        Assert.Equal(leader, await cluster.FindLeaderAsync());
    }

    private static Task SetFailsafeModeAsync(LocalCluster cluster, bool isOn) =>
        cluster.ControlAsync("edit-config", "--force", "--set", $"failsafe_mode={(isOn ? "true" : "false")}");

    private static Task Restore(ClusterMember member)
    {
        member.Etcd.Restore();
        return Task.CompletedTask;
    }
}
