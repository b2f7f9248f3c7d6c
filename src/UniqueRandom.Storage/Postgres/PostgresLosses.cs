using Npgsql;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// The losses that nodes have recorded in the database that lacks these commits. While one of them is not accepted, no node
/// draws.
/// </summary>
internal static class PostgresLosses
{
    /// <summary>The condition that nobody draws: some loss is not accepted, or the database is an end of a transfer.</summary>
    public const string IsBlocked = """
        EXISTS (SELECT FROM uniquerandom.loss WHERE NOT is_accepted)
        OR EXISTS (SELECT FROM uniquerandom.version WHERE transfer IS NOT NULL)
        """;

    /// <summary>Excludes other changes, so that a loss is not recorded while a resume moves the cursors.</summary>
    public const string Lock = "LOCK TABLE uniquerandom.loss IN SHARE ROW EXCLUSIVE MODE";

    // Does not wait for a standby, which may be gone: a promoted one that lacks this row lacks the commits as well.
    private const string NoWait = "SET LOCAL synchronous_commit = local";

    private const string Select = "SELECT name, commitment, cursor, ceiling FROM uniquerandom.loss WHERE NOT is_accepted";

    private const string Insert = """
        INSERT INTO uniquerandom.loss (name, commitment, cursor, ceiling, is_accepted)
        SELECT a.name, a.commitment, a.cursor, a.ceiling, false
        FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[]) AS a (name, commitment, cursor, ceiling)
        LEFT JOIN uniquerandom.pool p ON p.name = a.name AND p.commitment = a.commitment
        WHERE p.cursor < a.cursor OR (p.id IS NULL AND NOT EXISTS (
            SELECT FROM uniquerandom.loss l WHERE l.name = a.name AND l.commitment = a.commitment AND l.is_accepted))
        ON CONFLICT (name, commitment) DO UPDATE SET is_accepted = false,
            cursor = greatest(loss.cursor, EXCLUDED.cursor), ceiling = greatest(loss.ceiling, EXCLUDED.ceiling)
        """;

    /// <summary>Creates the refusal of a batch. The next search for the primary finds what the server lacks.</summary>
    /// <exception cref="NpgsqlException">The reason could not be read.</exception>
    public static async Task<StoreException> RefuseAsync(PostgresSession session)
    {
        session.Invalidate();
        TransferState? transfer = null;
        await session.UseAsync(async connection =>
            (_, _, transfer) = await PostgresSchema.IdentifyAsync(connection, CancellationToken.None));
        var reason = transfer?.Reason ?? "lacks what another node has acknowledged; nobody draws from it.";
        return new StoreException(StoreFault.Unavailable, $"{session.Host.Name} {reason}");
    }

    /// <summary>Reads the losses that are not accepted.</summary>
    public static async Task<List<LostPool>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Select);
        command.CommandTimeout = PostgresAddress.ConnectSeconds;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var losses = new List<LostPool>();
        while (await row.ReadAsync(cancellationToken))
            losses.Add(Read(row));
        return losses;
    }

    public static LostPool Read(NpgsqlDataReader row) => new(
        new MarkKey(new Commitment(row.GetFieldValue<byte[]>(1)), row.GetString(0)), row.GetInt64(2), row.GetInt64(3));

    /// <summary>Records losses that are still there, so that no other node draws.</summary>
    public static async Task RecordAsync(
        NpgsqlConnection connection, IReadOnlyList<LostPool> losses, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(NoWait, cancellationToken);
        await connection.ExecuteAsync(Lock, cancellationToken);
        await connection.ExecuteAsync(
            Insert,
            cancellationToken,
            losses.Select(loss => loss.Key.Name).ToArray(),
            losses.Select(loss => loss.Key.Commitment.Bytes.ToArray()).ToArray(),
            losses.Select(loss => loss.Cursor).ToArray(),
            losses.Select(loss => loss.Ceiling).ToArray());
        await transaction.CommitAsync(cancellationToken);
    }
}
