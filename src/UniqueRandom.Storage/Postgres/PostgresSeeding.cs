using Npgsql;
using NpgsqlTypes;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Stores the permutation of a recorded pool: its chunks in order by binary COPY, then the state open. Nothing is drawn from the
/// pool before that. An advisory lock on the pool, held by this session, excludes other nodes. If this node dies, PostgreSQL
/// releases the lock; because the seed is recorded first, another node continues after the last stored chunk.
/// </summary>
internal sealed class PostgresSeeding
{
    /// <summary>How many chunks share a COPY and its transaction: 512 KiB.</summary>
    private const int ChunksAtOnce = 16;

    private const int ChunksRemovedAtOnce = 512;

    private const string Lock = "SELECT p.id, pg_try_advisory_lock($2, p.id) FROM uniquerandom.pool p WHERE p.name = $1";

    private const string ReadLocked = """
        SELECT p.id, p.seed, (SELECT count(*)::integer FROM uniquerandom.chunk c WHERE c.pool_id = p.id),
               EXISTS (SELECT FROM uniquerandom.pool o WHERE o.state = 1)
        FROM uniquerandom.pool p
        WHERE p.name = $1 AND p.minimum = $2 AND p.maximum = $3 AND p.state = 0
        """;

    private const string Open = "UPDATE uniquerandom.pool SET state = 1 WHERE id = $1 AND state = 0";

    private const string RemoveChunks = """
        DELETE FROM uniquerandom.chunk
        WHERE pool_id = $1 AND number >= $2 AND EXISTS (SELECT FROM uniquerandom.pool WHERE id = $1 AND state = 0)
        """;

    private const string RemovePool = "DELETE FROM uniquerandom.pool WHERE id = $1 AND state = 0 AND cursor = 0";

    private const string CopyChunks = "COPY uniquerandom.chunk (pool_id, number, checksum, offsets) FROM STDIN (FORMAT BINARY)";

    private readonly PostgresSession session;
    private readonly PoolDefinition definition;
    private readonly int id;
    private readonly Seed seed;
    private readonly bool besideDraws;
    private int stored;

    private PostgresSeeding(PostgresSession session, PoolDefinition definition, NpgsqlDataReader row)
    {
        (this.session, this.definition) = (session, definition);
        (id, seed) = (row.GetInt32(0), new Seed(row.GetFieldValue<byte[]>(1)));
        (stored, besideDraws) = (row.GetInt32(2), row.GetBoolean(3));
    }

    private long Stored => Chunk.OffsetsIn(stored, definition.Range.Size);

    /// <summary>Locks an unfinished pool for this session.</summary>
    /// <returns>The claimed pool; null if it does not exist, is not unfinished, or is locked by another session.</returns>
    /// <exception cref="StoreException">A commit would not last now.</exception>
    /// <exception cref="NpgsqlException">The pool could not be read.</exception>
    public static async Task<PostgresSeeding?> TryClaimAsync(PostgresSession session, PoolDefinition definition)
    {
        var (name, range) = (definition.Name, definition.Range);
        // Two statements, because each has its own snapshot: the second reads the state after the lock was taken.
        var locking = Statement(Lock, name.ToParameter(), PostgresSchema.LockClass.ToParameter());
        var reading = Statement(ReadLocked, name.ToParameter(), range.Minimum.ToParameter(), range.Maximum.ToParameter());
        PostgresSeeding? claimed = null;
        await session.BeginAsync([locking, reading], async rows =>
        {
            var lockedId = await rows.ReadAsync() && rows.GetBoolean(1) ? rows.GetInt32(0) : (int?)null;
            await rows.NextResultAsync();
            if (await rows.ReadAsync() && rows.GetInt32(0) == lockedId)
                claimed = new PostgresSeeding(session, definition, rows);
        });
        // The lock belongs to the session and outlasts the transaction.
        await session.RollBackAsync();
        return claimed;
    }

    /// <summary>Stores the chunks that are not stored yet, and opens the pool.</summary>
    /// <returns>Whether this call has opened it.</returns>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public async Task<bool> SeedAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(Stored);
        var pause = Pacing.For(definition.Range.Size, besideDraws);
        // Not on the thread pool, whose threads the requests need.
        using var permutation = await Task.Factory.StartNew(
            () => Permutation.Shuffle(seed, definition.Range.Size, pause, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        for (var count = Chunk.CountOf(definition.Range.Size); stored < count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = Math.Min(stored + ChunksAtOnce, count);
            // Copied first, because an abandoned COPY may still read its bytes when the permutation's memory is freed.
            var chunks = Encode(permutation, stored, next);
            await session.UseAsync(connection => CopyAsync(connection, chunks));
            stored = next;
            progress?.Report(Stored);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await ChangeStateAsync(Open);
    }

    /// <summary>Removes the pool, its last chunks first, so that its seeding can continue if this fails.</summary>
    /// <returns>Whether this call has removed it.</returns>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    /// <exception cref="NpgsqlException">It could not be recorded.</exception>
    public async Task<bool> RemoveAsync()
    {
        while (stored > 0)
        {
            stored = Math.Max(0, stored - ChunksRemovedAtOnce);
            await session.UseAsync(connection => connection.ExecuteAsync(RemoveChunks, CancellationToken.None, id, stored));
        }

        return await ChangeStateAsync(RemovePool);
    }

    /// <summary>Executes a statement that must change the row of the pool, and commits it.</summary>
    private async Task<bool> ChangeStateAsync(string sql)
    {
        var change = Statement(sql, id.ToParameter());
        await session.BeginAsync([change], ReadToEndAsync);
        if (change.Rows != 1)
        {
            await session.RollBackAsync();
            return false;
        }

        await session.CommitAsync([]);
        return true;
    }

    private async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<(int Number, byte[] Bytes)> chunks)
    {
        var commitment = Commitment.To(seed, definition.Range);
        await using var copy = await connection.BeginBinaryImportAsync(CopyChunks);
        foreach (var (number, bytes) in chunks)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(id, NpgsqlDbType.Integer);
            await copy.WriteAsync(number, NpgsqlDbType.Integer);
            await copy.WriteAsync((long)Chunk.Checksum(commitment.Bytes, number, bytes), NpgsqlDbType.Bigint);
            await copy.WriteAsync(bytes, NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }

    private static (int Number, byte[] Bytes)[] Encode(Permutation permutation, int first, int end)
    {
        var chunks = new (int Number, byte[] Bytes)[end - first];
        for (var number = first; number < end; number++)
        {
            var offsets = permutation.Offsets.Slice(number * Chunk.Length, Chunk.LengthOf(number, permutation.Size));
            var bytes = new byte[offsets.Length * sizeof(uint)];
            Chunk.Encode(offsets, bytes);
            chunks[number - first] = (number, bytes);
        }

        return chunks;
    }
}
