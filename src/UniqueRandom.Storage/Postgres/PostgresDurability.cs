using Npgsql;
using NpgsqlTypes;

namespace UniqueRandom.Storage.Postgres;

/// <summary>The settings that decide whether a commit of a session survives, and the progress of the standby.</summary>
/// <param name="Fsync">Whether PostgreSQL syncs its files.</param>
/// <param name="FullPageWrites">Whether a page that was torn by a power cut can be restored.</param>
/// <param name="SynchronousCommit">What a commit waits for.</param>
/// <param name="SynchronousStandbyNames">Which standbys a commit waits for; empty for none.</param>
/// <param name="Flushed">The end of the WAL on the primary's disk. Null if no standby is required.</param>
/// <param name="Confirmed">
/// The end of the WAL on the disk of a connected synchronous standby. Null without one, or if none is required.
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

    /// <summary>
    /// The position of a standby that returns with commits of its own, such as a replaced primary, may be one that this server
    /// has not reached: it says nothing about the commits of this server, although PostgreSQL releases them.
    /// </summary>
    private const string Standby = """
        (SELECT max(flush_lsn) FROM pg_stat_replication
         WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum') AND flush_lsn <= pg_current_wal_flush_lsn())
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

    /// <summary>Gets why a commit might not last, and what to do about it; null if it lasts.</summary>
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

    /// <summary>Gets why no draw is allowed when a standby is required; null if one is connected.</summary>
    public string? MissingStandby => Confirmed is not null ? null : SynchronousStandbyNames.Length == 0
        ? "a synchronous standby is required and its synchronous_standby_names is empty"
        : "a synchronous standby is required and none is connected (or the user may not see it: GRANT pg_read_all_stats)";
}
