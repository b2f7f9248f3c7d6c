using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Stores the permutation of a recorded segment: its chunks in order by binary COPY, then that it is ready. Nothing is drawn from
/// it before that. An advisory lock on the pool, held by this session, excludes other nodes. If this node dies, PostgreSQL
/// releases the lock; because the seed is recorded first, another node continues after the last stored chunk.
/// </summary>
internal sealed class PostgresSeeding
{
    private const int ChunksRemovedAtOnce = 512;

    private const string Lock = "SELECT pg_try_advisory_lock($1, $2)";

    // Of the first segment, or of an added one, which may belong to a pool that was closed since.
    private const string ReadLocked = """
        SELECT u.seed, (SELECT coalesce(max(c.number) + 1, 0) FROM uniquerandom.chunk c WHERE c.pool_id = u.id), u.state,
               EXISTS (SELECT FROM uniquerandom.pool o WHERE o.state = 1), u.cursor, u.imported, u.imported_sha256
        FROM (
            SELECT p.id, p.seed, p.state, p.commitment, p.cursor, p.imported, p.imported_sha256
            FROM uniquerandom.pool p WHERE p.state = 0
            UNION ALL
            SELECT p.id, s.seed, p.state, s.commitment, p.cursor, NULL, NULL
            FROM uniquerandom.pool p JOIN uniquerandom.segment s ON s.pool_id = p.id AND NOT s.is_ready
        ) u
        WHERE u.id = $1 AND u.commitment = $2
        """;

    private const string Open = "UPDATE uniquerandom.pool SET state = 1 WHERE id = $1 AND state = 0";

    private const string Grow = """
        WITH grown AS (UPDATE uniquerandom.pool SET maximum = $3 WHERE id = $1 AND state = 1 RETURNING id)
        UPDATE uniquerandom.segment SET is_ready = true WHERE pool_id = (SELECT id FROM grown) AND minimum = $2
        """;

    private const string IsClosed = "SELECT state = 2 FROM uniquerandom.pool WHERE id = $1";

    private const string RemoveChunks = """
        DELETE FROM uniquerandom.chunk
        WHERE pool_id = $1 AND number >= $2
            AND EXISTS (SELECT FROM uniquerandom.pool WHERE id = $1 AND state = $3 AND (state <> 0 OR cursor = 0))
        """;

    private const string RemovePool = "DELETE FROM uniquerandom.pool WHERE id = $1 AND state = 0 AND cursor = 0";

    private const string RemoveSegment = """
        DELETE FROM uniquerandom.segment s
        WHERE s.pool_id = $1 AND s.minimum = $2 AND NOT s.is_ready
          AND EXISTS (SELECT FROM uniquerandom.pool p WHERE p.id = $1 AND p.state = 2)
        """;

    /// <summary>How often the shuffle of an added segment finds out whether its pool was closed.</summary>
    private static readonly TimeSpan CloseCheckInterval = TimeSpan.FromMilliseconds(500);

    private readonly PostgresSession session;
    private readonly PostgresSegment segment;
    private readonly Seed seed;
    private readonly PoolState state;
    private readonly ImportedList? imported;
    private readonly bool besideDraws;
    private readonly PostgresChunkWriter writer;
    private int stored;

    private PostgresSeeding(PostgresSession session, PostgresSegment segment, NpgsqlDataReader row)
    {
        (this.session, this.segment) = (session, segment);
        (seed, state) = (new Seed(row.GetFieldValue<byte[]>(0)), (PoolState)row.GetInt16(2));
        (stored, besideDraws) = (Math.Max(0, row.GetInt32(1) - segment.FirstChunk), row.GetBoolean(3));
        imported = row.IsDBNull(5) ? null : new ImportedList(row.GetInt64(5), row.GetString(6));
        IsIncomplete = row.GetInt64(4) < imported?.Count;
        writer = new PostgresChunkWriter(session, segment);
    }

    /// <summary>Gets whether imported numbers are lost. Then the pool can only be removed.</summary>
    public bool IsIncomplete { get; }

    private long Stored => Chunk.OffsetsIn(stored, segment.Part.Range.Size);

    /// <summary>Locks an unfinished segment for this session.</summary>
    /// <returns>The claimed segment; null if it does not exist, is not unfinished, or is locked by another session.</returns>
    /// <exception cref="StoreException">A commit would not last now.</exception>
    /// <exception cref="NpgsqlException">The segment could not be read.</exception>
    public static async Task<PostgresSeeding?> TryClaimAsync(PostgresSession session, PostgresSegment segment)
    {
        // Two statements, because each has its own snapshot: the second reads the state after the lock was taken.
        var locking = Statement(Lock, PostgresSchema.LockClass.ToParameter(), segment.PoolId.ToParameter());
        var reading = Statement(
            ReadLocked, segment.PoolId.ToParameter(), segment.Commitment.Bytes.ToArray().ToParameter());
        PostgresSeeding? claimed = null;
        await session.BeginAsync([locking, reading], async rows =>
        {
            var isLocked = await rows.ReadAsync() && rows.GetBoolean(0);
            await rows.NextResultAsync();
            if (isLocked && await rows.ReadAsync())
                claimed = new PostgresSeeding(session, segment, rows);
        });
        // The lock belongs to the session and outlasts the transaction.
        await session.RollBackAsync();
        return claimed;
    }

    /// <summary>
    /// Stores the chunks that are not stored yet, and makes the segment ready. If the pool is closed, removes the segment.
    /// </summary>
    /// <returns>Whether this call has done so.</returns>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public async Task<bool> SeedAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (state == PoolState.Closed)
            return await RemoveAsync();
        progress?.Report(Stored);
        using var first = await PostgresChunks.ReadImportedAsync(segment, imported, session.UseAsync, cancellationToken);
        using var permutation = await ShuffleAsync(first?.Complete(), cancellationToken);
        if (permutation is null)
            return await RemoveAsync();
        // The last chunk of the import has no other numbers yet.
        if (first is not null)
            await writer.RewriteAsync(first.Count - 1, permutation.OffsetsOf(first.Count - 1));
        while (stored < segment.ChunkCount)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (state == PoolState.Open && await IsClosedAsync())
                return await RemoveAsync();
            var next = Math.Min(stored + PostgresChunkWriter.AtOnce, segment.ChunkCount);
            await writer.WriteAsync(stored, next, permutation.OffsetsOf);
            stored = next;
            progress?.Report(Stored);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (state == PoolState.Seeding)
            return await ChangeAsync(Statement(Open, segment.PoolId.ToParameter()));
        // Otherwise the pool was closed meanwhile.
        var range = segment.Part.Range;
        return await ChangeAsync(Statement(
            Grow, segment.PoolId.ToParameter(), range.Minimum.ToParameter(), range.Maximum.ToParameter()))
            || await RemoveAsync();
    }

    /// <summary>
    /// Removes a pool that was never open, or the pending segment of a closed pool: its last chunks first, so that its seeding or
    /// its removal can continue if this fails.
    /// </summary>
    /// <returns>Whether this call has removed it.</returns>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public async Task<bool> RemoveAsync()
    {
        var isExtension = state != PoolState.Seeding;
        var required = (short)(isExtension ? PoolState.Closed : PoolState.Seeding);
        while (stored > 0)
        {
            stored = Math.Max(0, stored - ChunksRemovedAtOnce);
            await session.UseAsync(connection => connection.ExecuteAsync(
                RemoveChunks, CancellationToken.None, segment.PoolId, segment.FirstChunk + stored, required));
        }

        return await ChangeAsync(isExtension
            ? Statement(RemoveSegment, segment.PoolId.ToParameter(), segment.Part.Range.Minimum.ToParameter())
            : Statement(RemovePool, segment.PoolId.ToParameter()));
    }

    /// <summary>Computes the order of the segment.</summary>
    /// <returns>The order; null if the pool was closed meanwhile.</returns>
    private async Task<Permutation?> ShuffleAsync(OffsetSet? first, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var size = segment.Part.Range.Size;
        var pause = Pacing.For(size, besideDraws);
        // Not on the thread pool, whose threads the requests need.
        var shuffle = Task.Factory.StartNew(
            () => Permutation.Shuffle(seed, size, first, pause, ending.Token),
            ending.Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            while (state == PoolState.Open
                && await Task.WhenAny(shuffle, Task.Delay(CloseCheckInterval, CancellationToken.None)) != shuffle)
            {
                if (await IsClosedAsync())
                    return null;
            }

            return await shuffle;
        }
        finally
        {
            await ending.CancelAsync();
            // The caller disposes the imported numbers.
            await ((Task)shuffle).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsClosedAsync()
    {
        var isClosed = false;
        await session.UseAsync(async connection =>
            isClosed = await connection.ScalarAsync<bool?>(IsClosed, CancellationToken.None, segment.PoolId) is true);
        return isClosed;
    }

    /// <summary>Executes a statement that must change one row, and commits it.</summary>
    private async Task<bool> ChangeAsync(NpgsqlBatchCommand change)
    {
        await session.BeginAsync([change], ReadToEndAsync);
        if (change.Rows != 1)
        {
            await session.RollBackAsync();
            return false;
        }

        await session.CommitAsync([]);
        return true;
    }
}
