namespace UniqueRandom.Storage.Postgres;

/// <summary>Where a <see cref="PostgresPoolStore"/> keeps its pools, and what it demands of the place.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// An Npgsql connection string. Of several hosts the one that is the primary is used, and the newest primary should there be two. The
    /// pools live in the schema <c>uniquerandom</c> of the database.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Whether nothing is drawn unless a synchronous standby is connected, and no draw answered before such a standby has it on disk. Default
    /// false: then what <c>synchronous_standby_names</c> says holds, and a primary without standbys answers alone.
    /// </summary>
    public bool RequireSyncStandby { get; init; }

    /// <summary>
    /// How long the server may take for a step of a batch, above 0. After that the node leaves the connection, and the batch is in doubt if it was being
    /// committed. Default 4 seconds.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(4);
}
