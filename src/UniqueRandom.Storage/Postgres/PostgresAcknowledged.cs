using System.Collections.Concurrent;
using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Remembers what this node has acknowledged: for each pool the last row of the draw log that it answered, and whether it closed
/// the pool. A server that lacks one of them was promoted or restored without these commits, and would hand out numbers again.
/// The cursors are also in the mark, and outlast the process. Thread-safe.
/// </summary>
/// <remarks>
/// The row is compared and not only the cursor, because other nodes may have moved the cursor of such a server past this node's
/// draws. A row is identified by its first position and its time; draws that extend it later change neither.
/// </remarks>
internal sealed class PostgresAcknowledged
{
    // A closed pool whose numbers are all drawn hands out no more. It may lack a segment, and is closed because of that.
    private const string Query = $"""
        SELECT a.place, p.cursor, a.is_closed AND p.state <> 2
        FROM unnest($1::integer[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::boolean[])
            AS a (place, name, commitment, cursor, first, drawn_at, is_closed)
        LEFT JOIN uniquerandom.pool p ON p.name = a.name AND p.commitment = a.commitment
        LEFT JOIN LATERAL (
            SELECT d.first, d.drawn_at, d.reference FROM uniquerandom.draw d
            WHERE d.pool_id = p.id AND d.first < a.cursor ORDER BY d.first DESC LIMIT 1
        ) d ON true
        WHERE (p.id IS NULL AND (a.cursor > 0 OR a.is_closed) AND NOT EXISTS (
                SELECT FROM uniquerandom.loss l WHERE l.name = a.name AND l.commitment = a.commitment AND l.is_accepted))
           OR (p.cursor < a.cursor AND NOT (p.state = 2 AND p.cursor = p.maximum - p.minimum + 1))
           OR (a.is_closed AND p.state <> 2)
           OR (a.cursor > 0 AND a.first >= 0 AND (d.first, d.drawn_at) IS DISTINCT FROM (a.first, a.drawn_at)
               AND d.reference IS DISTINCT FROM '{Reference.SkippedAfterRestore}')
        ORDER BY a.name, a.place
        """;

    private readonly ConcurrentDictionary<MarkKey, Entry> entries = new();
    private PostgresMark? mark;

    /// <summary>
    /// Gets or sets whether the operator accepts losses, because the node resumes after a restore. Then none is found.
    /// </summary>
    public bool AcceptsLosses { get; set; }

    /// <summary>Gets whether the database may be an end of a transfer, because this is the transfer.</summary>
    public bool AcceptsTransfers { get; init; }

    /// <summary>Remembers only what the mark of this node knows, and records further draws in it. Called before draws.</summary>
    public void Use(PostgresMark used)
    {
        mark = used;
        entries.Clear();
        // A slot without a draw only means that one was tried.
        foreach (var (pool, cursor) in used.Stored.Where(pool => pool.Cursor > 0))
            entries[pool] = new Entry(cursor, Entry.UnknownRow, default, IsClosed: false);
    }

    /// <summary>
    /// Gets the pools from which this node has acknowledged draws, or tried to draw: after a loss of power the mark may lack the
    /// last answers, and its ceiling covers them.
    /// </summary>
    public IEnumerable<LostPool> Pools =>
        (mark?.Stored.Select(pool => pool.Pool) ?? []).Union(entries.Keys)
            .Select(pool => ToLost(pool, entries.GetValueOrDefault(pool)?.Cursor ?? 0));

    /// <summary>Prepares the mark for a batch before it commits.</summary>
    /// <exception cref="StoreException">The mark can't be written; nothing may be drawn any more.</exception>
    public void Reserve(PostgresPool pool, long cursor) => mark?.Reserve(pool.MarkKey, pool.Definition.Range.Size, cursor);

    /// <summary>Prepares the mark for an import before it commits.</summary>
    /// <exception cref="StoreException">The mark can't be written; nothing may be drawn any more.</exception>
    public void ReserveImported(PostgresPool pool, long count) =>
        mark?.ReserveImported(pool.MarkKey, pool.Definition.Range.Size, count);

    /// <summary>Records that a row of the log was acknowledged, after it was reserved.</summary>
    /// <exception cref="StoreException">The mark can't be written; nothing may be answered any more.</exception>
    public void RecordDraw(PostgresPool pool, DrawLogRow row)
    {
        if (entries.TryGetValue(pool.MarkKey, out var known) && row.End < known.Cursor)
            return;
        mark?.Acknowledge(pool.MarkKey, row.End);
        entries.AddOrUpdate(
            pool.MarkKey,
            static (_, added) => added,
            static (_, entry, next) => next with { IsClosed = entry.IsClosed },
            new Entry(row.End, row.First, row.DrawnAt, IsClosed: false));
    }

    /// <summary>Records that a pool was closed and its seed may be published.</summary>
    public void RecordClosed(Pool pool) => entries.AddOrUpdate(
        new MarkKey(pool.Commitment, pool.Definition.Name),
        static (_, added) => added,
        static (_, entry, _) => entry with { IsClosed = true },
        new Entry(0, 0, default, IsClosed: true));

    /// <summary>Compares a pool as it is stored with what was acknowledged.</summary>
    /// <returns>What the stored pool lacks; null if it lacks nothing.</returns>
    public PostgresLoss? FindLoss(PostgresPool pool, PoolState state, long cursor)
    {
        if (!entries.TryGetValue(pool.MarkKey, out var entry))
            return null;
        var isReopened = entry.IsClosed && state != PoolState.Closed;
        return cursor < entry.Cursor || isReopened
            ? PostgresLoss.OfCommits([Describe(pool.Definition.Name, entry.Cursor, cursor, isReopened)], [])
            : null;
    }

    /// <summary>Compares the pools of a server with what this node has acknowledged, and others have missed there.</summary>
    /// <returns>What the server lacks; null if it lacks nothing.</returns>
    /// <exception cref="NpgsqlException">The pools could not be read.</exception>
    public async Task<PostgresLoss?> FindLossAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Copied before the server is read, so that a batch that commits meanwhile is not reported as lost.
        var expected = entries.ToArray();
        var (version, identity, transfer) = await PostgresSchema.IdentifyAsync(connection, cancellationToken);
        if (version is null && (expected.Length > 0 || mark?.Identity is not null))
            return PostgresLoss.OfCommits(["the schema 'uniquerandom' is missing"], []);
        if (transfer is not null && !AcceptsTransfers)
            return PostgresLoss.OfTransfer(transfer);
        if (mark?.Identity is { } own
            && own != (identity ?? await PostgresSchema.PredictIdentityAsync(connection, cancellationToken)))
        {
            return PostgresLoss.OfMark;
        }

        if (version is null or < PostgresSchema.LossVersion || AcceptsLosses)
            return null;
        var recorded = await PostgresLosses.ReadAsync(connection, cancellationToken);
        return expected.Length + recorded.Count == 0
            ? null
            : await FindLossAsync(connection, expected, recorded, cancellationToken);
    }

    private async Task<PostgresLoss?> FindLossAsync(
        NpgsqlConnection connection,
        KeyValuePair<MarkKey, Entry>[] own,
        List<LostPool> recorded,
        CancellationToken cancellationToken)
    {
        (MarkKey Pool, Entry Entry)[] expected =
        [
            .. own.Select(entry => (entry.Key, entry.Value)),
            .. recorded.Select(loss => (loss.Key, new Entry(loss.Cursor, Entry.UnknownRow, default, IsClosed: false))),
        ];
        await using var command = connection.Command(
            Query,
            Enumerable.Range(0, expected.Length).ToArray(),
            expected.Select(entry => entry.Pool.Name).ToArray(),
            expected.Select(entry => entry.Pool.Commitment.Bytes.ToArray()).ToArray(),
            expected.Select(entry => entry.Entry.Cursor).ToArray(),
            expected.Select(entry => entry.Entry.First).ToArray(),
            expected.Select(entry => entry.Entry.DrawnAt).ToArray(),
            expected.Select(entry => entry.Entry.IsClosed).ToArray());
        command.CommandTimeout = PostgresAddress.ConnectSeconds;
        var (losses, unrecorded) = (new Dictionary<MarkKey, string>(), new List<LostPool>());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var place = row.GetInt32(0);
            var (pool, entry) = expected[place];
            losses[pool] = row.IsDBNull(1)
                ? $"the pool '{pool.Name}' is missing"
                : Describe(pool.Name, entry.Cursor, row.GetInt64(1), row.GetBoolean(2));
            // Only a cursor that is behind tells other nodes what is missing, and can be moved on.
            var isBehind = row.IsDBNull(1) || row.GetInt64(1) < entry.Cursor;
            var lost = ToLost(pool, entry.Cursor);
            if (isBehind && place < own.Length && !recorded.Exists(known => known.Key == pool && known.Ceiling >= lost.Ceiling))
                unrecorded.Add(lost);
        }

        // A node may have drawn between the search that found a loss and its record.
        foreach (var loss in recorded)
            losses.TryAdd(loss.Key, $"the pool '{loss.Key.Name}' was behind the {loss.Cursor} numbers that are handed out");
        return losses.Count == 0 ? null : PostgresLoss.OfCommits([.. losses.Values], unrecorded);
    }

    private LostPool ToLost(MarkKey pool, long cursor) => new(pool, cursor, Math.Max(cursor, mark?.CeilingOf(pool) ?? 0));

    private static string Describe(string pool, long acknowledged, long cursor, bool isReopened) => cursor < acknowledged
        ? $"the pool '{pool}' is {acknowledged - cursor} numbers behind ({cursor} drawn instead of {acknowledged})"
        : isReopened ? $"the pool '{pool}' is not closed"
        : $"positions of the pool '{pool}' were drawn again, which ends when this node is restarted";

    /// <param name="Cursor">The cursor after the last acknowledged batch; 0 before the first.</param>
    /// <param name="First">The first position of the last row of the draw log.</param>
    /// <param name="DrawnAt">The time of that row.</param>
    /// <param name="IsClosed">Whether this node has closed the pool.</param>
    private sealed record Entry(long Cursor, long First, DateTimeOffset DrawnAt, bool IsClosed)
    {
        /// <summary>The first position if only the cursor is known.</summary>
        public const long UnknownRow = -1;
    }
}
