using UniqueRandom.Storage.Marks;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Configures a <see cref="PostgresPoolStore"/>.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Gets the Npgsql connection string. With several hosts the primary is used; two primaries are refused unless one has
    /// replaced the other. The pools are in the schema <c>uniquerandom</c> of the database.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// Gets whether draws need a connected synchronous standby, and are answered only when it has them on disk. Default false:
    /// <c>synchronous_standby_names</c> decides, and a primary without standbys answers alone.
    /// </summary>
    public bool RequireSyncStandby { get; init; }

    /// <summary>
    /// Gets the high-water mark of this node. With <see cref="MarkOptions.Resume"/> the node accepts that the database is an old
    /// copy. Null, the default: what was acknowledged is forgotten when the process ends.
    /// </summary>
    public MarkOptions? Mark { get; init; }

    /// <summary>
    /// Gets how long the server may take for one step of a batch, greater than 0. After that the node abandons the session, and
    /// the batch is in doubt if it was being committed. Default 4 seconds.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(4);
}
