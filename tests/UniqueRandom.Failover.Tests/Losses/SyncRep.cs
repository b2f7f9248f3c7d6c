namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>Commits of nodes that wait for a standby. They are on the primary but not yet visible.</summary>
internal static class SyncRep
{
    public const string Count = $"SELECT count(*) {Waiting}";

    private const string Waiting = "FROM pg_stat_activity WHERE application_name = 'UniqueRandom' AND wait_event = 'SyncRep'";

    /// <summary>
    /// Returns SQL that calls a function on the process of each: <c>pg_cancel_backend</c> or <c>pg_terminate_backend</c>.
    /// </summary>
    public static string Each(string function) => $"SELECT count({function}(pid)) {Waiting}";
}
