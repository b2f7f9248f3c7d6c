using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Records a pool with imported numbers, and stores them. The advisory lock on the pool, held by this session, keeps other nodes
/// from removing it as long as its import is incomplete.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="definition">The pool.</param>
/// <param name="import">The numbers.</param>
/// <param name="acknowledged">Remembers that the numbers are drawn.</param>
internal sealed class PostgresImport(
    PostgresSession session, PoolDefinition definition, PoolImport import, PostgresAcknowledged acknowledged)
{
    // Locked before other nodes see it.
    private const string Insert = $"""
        WITH recorded AS (
            INSERT INTO uniquerandom.pool (
                name, minimum, maximum, is_computed, code, imported, imported_sha256, state, cursor, seed, commitment, created_at)
            SELECT $1, $2, $3, false, $4, $5, $6, 0, 0, $7, $8, $9 WHERE NOT ({PostgresLosses.IsBlocked})
            ON CONFLICT (name) DO NOTHING
            RETURNING id
        )
        SELECT id, pg_try_advisory_lock($10, id) FROM recorded
        """;

    private const string MoveCursor = $"""
        UPDATE uniquerandom.pool SET cursor = $2
        WHERE id = $1 AND commitment = $3 AND state = 0 AND cursor = 0 AND NOT ({PostgresLosses.IsBlocked})
        """;

    private const string AddRow = $"""
        INSERT INTO uniquerandom.draw (pool_id, first, count, drawn_at, reference, caller)
        VALUES ($1, 0, $2, $3, '{Reference.Imported}', $4)
        """;

    /// <summary>
    /// Imports the pool, unless its name is taken. If this fails, nothing is left unless the server fails, too.
    /// </summary>
    /// <returns>Whether the pool is new.</returns>
    /// <exception cref="InsufficientMemoryException">There is no memory for the shuffle.</exception>
    /// <exception cref="StoreException">The import was not recorded, or its outcome is unknown.</exception>
    /// <exception cref="NpgsqlException">The import was not recorded.</exception>
    public async Task<bool> RunAsync(Seed seed, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync())
            return false;
        Permutation.RequireMemory(definition.StoredSize);
        var commitment = Commitment.To(seed, definition.Range, definition.Order, import.List);
        if (await RecordAsync(seed, commitment, time.GetStoredNow()) is not { } id)
        {
            // Another node has recorded the pool since, and may not have all of its numbers yet.
            await IsTakenAsync();
            return false;
        }

        var segment = new PostgresSegment(id, definition, First: 0, FirstChunk: 0, commitment);
        try
        {
            await WriteAsync(new PostgresChunkWriter(session, segment), cancellationToken);
            await CompleteAsync(new PostgresPool(definition, [segment]), time.GetStoredNow());
        }
        catch
        {
            await TryRemoveAsync(segment);
            throw;
        }

        return true;
    }

    /// <summary>Finds out whether a pool has the name. One whose import was interrupted is removed.</summary>
    private async Task<bool> IsTakenAsync()
    {
        var pools = new List<(PostgresPool Stored, PoolRow Row)>();
        await session.UseAsync(async connection =>
            pools = await PostgresPools.ListStoredAsync(connection, [definition.Name]));
        if (pools is not [{ Row.IsIncomplete: true } found])
            return pools.Count > 0;
        if (await PostgresSeeding.TryClaimAsync(session, found.Stored.Segments[0]) is { IsIncomplete: true } left)
            return !await left.RemoveAsync();
        throw new StoreException(StoreFault.Unavailable, $"Another node imports the pool '{definition.Name}'; try again.")
        {
            IsTransient = true,
        };
    }

    /// <returns>The id of the pool, which this session has locked; null if the name is taken.</returns>
    private async Task<int?> RecordAsync(Seed seed, Commitment commitment, DateTimeOffset now)
    {
        var insert = Statement(
            Insert,
            definition.Name.ToParameter(),
            definition.Range.Minimum.ToParameter(),
            definition.Range.Maximum.ToParameter(),
            (definition.Code?.ToString()).ToParameter(),
            import.List.Count.ToParameter(),
            import.List.Sha256.ToParameter(),
            seed.Bytes.ToArray().ToParameter(),
            commitment.Bytes.ToArray().ToParameter(),
            now.ToParameter(),
            PostgresSchema.LockClass.ToParameter());
        int? id = null;
        await session.BeginAsync([new(PostgresSchema.LockVersion), insert], async rows =>
        {
            await rows.NextResultAsync();
            if (await rows.ReadAsync())
                id = rows.GetInt32(0);
        });
        await session.CommitAsync([]);
        return id;
    }

    private async Task WriteAsync(PostgresChunkWriter writer, CancellationToken cancellationToken)
    {
        var next = 0L;
        var offsets = new uint[Chunk.Length];
        for (int first = 0, count = Chunk.CountOf(import.List.Count); first < count; first += PostgresChunkWriter.AtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteAsync(first, Math.Min(first + PostgresChunkWriter.AtOnce, count), OffsetsOf);
        }

        // The places behind the last imported number are written when the other numbers are shuffled.
        ReadOnlySpan<uint> OffsetsOf(int chunk)
        {
            import.Numbers.Copy(ref next, offsets);
            return offsets.AsSpan(0, Chunk.LengthOf(chunk, import.Numbers.Size));
        }
    }

    /// <summary>Records that the numbers are drawn. The commit also makes sure that a standby has their chunks.</summary>
    private async Task CompleteAsync(PostgresPool pool, DateTimeOffset now)
    {
        var drawn = new DrawLogRow(0, import.List.Count, now, Reference.Imported, Key: null, import.Caller);
        acknowledged.ReserveImported(pool, drawn.End);
        var isBlocked = false;
        var move = Statement(
            MoveCursor,
            pool.Id.ToParameter(),
            drawn.End.ToParameter(),
            pool.Commitment.Bytes.ToArray().ToParameter());
        var row = Statement(
            AddRow,
            pool.Id.ToParameter(),
            drawn.Count.ToParameter(),
            now.ToParameter(),
            (import.Caller ?? "").ToParameter());
        await session.BeginAsync(
            [new(PostgresSchema.LockVersion), new($"SELECT {PostgresLosses.IsBlocked}"), move, row],
            async rows =>
            {
                await rows.NextResultAsync();
                isBlocked = await rows.ReadAsync() && rows.GetBoolean(0);
                await ReadToEndAsync(rows);
            });
        if (move.Rows == 1)
        {
            await session.CommitAsync([]);
            acknowledged.RecordDraw(pool, drawn);
            return;
        }

        await session.RollBackAsync();
        if (isBlocked)
            throw await PostgresLosses.RefuseAsync(session);
        throw new StoreException(
            StoreFault.Unavailable, $"The pool '{definition.Name}' was removed while it was imported; try again.")
        {
            IsTransient = true,
        };
    }

    private async Task TryRemoveAsync(PostgresSegment segment)
    {
        try
        {
            if (await PostgresSeeding.TryClaimAsync(session, segment) is { IsIncomplete: true } left)
                await left.RemoveAsync();
        }
        catch (Exception error) when (PostgresErrors.IsPostgres(error) || error is StoreException)
        {
            // The next import of the name or the next start of a node removes it.
        }
    }
}
