using Npgsql;
using NpgsqlTypes;

namespace UniqueRandom.Storage.Postgres;

/// <summary>The settings that decide whether a commit of a session survives, and the progress of the standby.</summary>
/// <param name="Fsync">Whether anything is synced at all.</param>
/// <param name="FullPageWrites">Whether a page that was torn by a power cut can be restored.</param>
/// <param name="SynchronousCommit">What a commit waits for.</param>
/// <param name="SynchronousStandbyNames">Which standbys a commit waits for; empty for none.</param>
/// <param name="Flushed">Up to where the primary has its log on disk. Null where no standby is required.</param>
/// <param name="Confirmed">
/// Up to where a connected synchronous standby has the log on disk. Null without one, and where none is required.
/// </param>
internal sealed record PostgresDurability(
    string Fsync,
    string FullPageWrites,
    string SynchronousCommit,
    string SynchronousStandbyNames,
    NpgsqlLogSequenceNumber? Flushed,
    NpgsqlLogSequenceNumber? Confirmed)
{
    private const string Settings = """
        current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
        current_setting('synchronous_standby_names')
        """;

    private const string Standby = """
        (SELECT max(flush_lsn) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum'))
        """;

    /// <summary>Gets the query whose row <see cref="Read"/> reads.</summary>
    public static string Query(bool requireStandby) => requireStandby
        ? $"SELECT {Settings}, pg_current_wal_flush_lsn(), {Standby}"
        : $"SELECT {Settings}, NULL::pg_lsn, NULL::pg_lsn";

    /// <summary>Reads the settings of a connection, without the progress of standbys.</summary>
    public static async Task<PostgresDurability> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Query(requireStandby: false));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return Read(row);
    }

    public static PostgresDurability Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<NpgsqlLogSequenceNumber>(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<NpgsqlLogSequenceNumber>(5));

    /// <summary>Gets why a commit might not last, and what to do about it; null when it lasts.</summary>
    public string? Weakness => this switch
    {
        { Fsync: not "on" } => "its fsync is off, so a power cut loses what was committed; set fsync = on",
        { FullPageWrites: not "on" } =>
            "its full_page_writes is off, so a power cut can destroy what was committed; set full_page_writes = on",
        { SynchronousCommit: "off" } =>
            "its synchronous_commit is off, so a crash loses what was committed; set synchronous_commit = on",
        { SynchronousCommit: not ("on" or "remote_apply"), SynchronousStandbyNames.Length: > 0 } =>
            $"its synchronous_commit is {SynchronousCommit}, so a failover loses what was committed; set synchronous_commit = on",
        _ => null,
    };

    /// <summary>Gets why nothing may be drawn where a standby is required; null when there is one.</summary>
    public string? MissingStandby => Confirmed is not null ? null : SynchronousStandbyNames.Length == 0
        ? "a synchronous standby is required and its synchronous_standby_names is empty"
        : "a synchronous standby is required and none is connected (or the user may not see it: GRANT pg_read_all_stats)";
}
