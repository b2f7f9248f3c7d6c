using System.Collections.Concurrent;
using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Remembers what this node has acknowledged: for each pool the last row of the draw log that it wrote, and whether it closed the
/// pool. A server that lacks one of them was promoted without these commits, and would hand out numbers again. Thread-safe.
/// </summary>
/// <remarks>
/// The row is compared and not only the cursor, because other nodes may have moved the cursor of such a server past this node's
/// draws. A row is identified by its first position and its time; draws that extend it later change neither.
/// </remarks>
internal sealed class PostgresAcknowledged
{
    private const string Query = """
        SELECT a.name, a.cursor, p.cursor, a.is_closed AND p.state <> 2
        FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::boolean[])
            AS a (name, commitment, cursor, first, drawn_at, is_closed)
        LEFT JOIN uniquerandom.pool p ON p.name = a.name AND p.commitment = a.commitment
        LEFT JOIN LATERAL (
            SELECT d.first, d.drawn_at FROM uniquerandom.draw d
            WHERE d.pool_id = p.id AND d.first < a.cursor ORDER BY d.first DESC LIMIT 1
        ) d ON true
        WHERE p.id IS NULL OR p.cursor < a.cursor OR (a.is_closed AND p.state <> 2)
           OR (a.cursor > 0 AND (d.first, d.drawn_at) IS DISTINCT FROM (a.first, a.drawn_at))
        ORDER BY a.name
        """;

    /// <summary>How many pools a message names.</summary>
    private const int MaximumNamed = 3;

    private readonly ConcurrentDictionary<(string Name, Commitment Commitment), Entry> entries = new();

    /// <summary>Records that a batch was acknowledged.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="last">The last row of its draw log after the batch.</param>
    public void RecordDraw(PostgresPool pool, DrawLogRow last) => entries.AddOrUpdate(
        (pool.Definition.Name, pool.Commitment),
        static (_, added) => added,
        static (_, entry, next) => next with { IsClosed = entry.IsClosed },
        new Entry(last.End, last.First, last.DrawnAt, IsClosed: false));

    /// <summary>Records that a pool was closed and its seed may be published.</summary>
    public void RecordClosed(Pool pool) => entries.AddOrUpdate(
        (pool.Definition.Name, pool.Commitment),
        static (_, added) => added,
        static (_, entry, _) => entry with { IsClosed = true },
        new Entry(0, 0, default, IsClosed: true));

    /// <summary>Compares a pool as it is stored with what was acknowledged.</summary>
    /// <returns>What the stored pool lacks, as a part of a sentence; null if it lacks nothing.</returns>
    public string? FindLoss(PostgresPool pool, PoolState state, long cursor)
    {
        var name = pool.Definition.Name;
        if (!entries.TryGetValue((name, pool.Commitment), out var entry))
            return null;
        var isReopened = entry.IsClosed && state != PoolState.Closed;
        return cursor < entry.Cursor || isReopened ? Describe(name, entry.Cursor, cursor, isReopened) : null;
    }

    /// <summary>Compares the pools of a server with what was acknowledged.</summary>
    /// <returns>What the server lacks, as a part of a sentence; null if it lacks nothing.</returns>
    /// <exception cref="NpgsqlException">The pools could not be read.</exception>
    public async Task<string?> FindLossAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Copied before the server is read, so that a batch that commits meanwhile is not reported as lost.
        var expected = entries.ToArray();
        if (expected.Length == 0)
            return null;

        await using var command = connection.Command(
            Query,
            expected.Select(pool => pool.Key.Name).ToArray(),
            expected.Select(pool => pool.Key.Commitment.Bytes.ToArray()).ToArray(),
            expected.Select(pool => pool.Value.Cursor).ToArray(),
            expected.Select(pool => pool.Value.First).ToArray(),
            expected.Select(pool => pool.Value.DrawnAt).ToArray(),
            expected.Select(pool => pool.Value.IsClosed).ToArray());
        command.CommandTimeout = PostgresAddress.ConnectSeconds;
        try
        {
            return await ReadLossAsync(command, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return "the schema 'uniquerandom' is missing";
        }
    }

    /// <summary>Describes a loss and what the operator can do about it.</summary>
    public static string Describe(string server, string loss) =>
        $"{server} lacks what this node has acknowledged: {loss}. It was promoted, or restored, without these commits. "
        + "Restore the server that has them, or accept that lost numbers are handed out again, and restart all nodes.";

    private static async Task<string?> ReadLossAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var losses = new List<string>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            losses.Add(row.IsDBNull(2)
                ? $"the pool '{row.GetString(0)}' is missing"
                : Describe(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)));
        }

        if (losses.Count > MaximumNamed)
            losses = [.. losses[..MaximumNamed], $"{losses.Count - MaximumNamed} more pools lack some"];
        return losses.Count == 0 ? null : string.Join(", ", losses);
    }

    private static string Describe(string pool, long acknowledged, long cursor, bool isReopened) => cursor < acknowledged
        ? $"the pool '{pool}' is {acknowledged - cursor} numbers behind ({cursor} drawn instead of {acknowledged})"
        : isReopened ? $"the pool '{pool}' is not closed" : $"positions of the pool '{pool}' were drawn again";

    /// <param name="Cursor">The cursor after the last acknowledged batch; 0 before the first.</param>
    /// <param name="First">The first position of the last row of the draw log.</param>
    /// <param name="DrawnAt">The time of that row.</param>
    /// <param name="IsClosed">Whether this node has closed the pool.</param>
    private sealed record Entry(long Cursor, long First, DateTimeOffset DrawnAt, bool IsClosed);
}
