using System.Buffers;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Stores the permutation of a recorded pool: its chunks in order, in short transactions so that other pools can draw in between,
/// then the state open. Nothing is drawn from the pool before that. Because the seed is recorded first, an interrupted seeding
/// continues after the last stored chunk.
/// </summary>
/// <param name="file">The database.</param>
/// <param name="gate">The store's gate.</param>
/// <param name="stopping">Canceled when the store ends: nothing is written after that.</param>
internal sealed class SqliteSeeding(SqliteFile file, StoreGate gate, CancellationToken stopping)
{
    /// <summary>How many chunks share a transaction while there are no draws: 256 KiB, about a millisecond.</summary>
    private const int ChunksAtOnce = 8;

    /// <summary>How many chunks share a transaction while there are draws.</summary>
    private const int ChunksBesideDraws = 2;

    private const int ChunksRemovedAtOnce = 64;

    /// <summary>How long the seeding leaves the store to draws between two transactions.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Records a pool: in the state seeding, or open if nothing of it is stored. The caller holds the gate.</summary>
    public static StoredPool Record(SqliteFile file, PoolDefinition definition, Seed seed, DateTimeOffset now)
    {
        var commitment = Commitment.To(seed, definition.Range, definition.Order);
        var state = definition.StoredSize > 0 ? PoolState.Seeding : PoolState.Open;
        file.Connection.Execute(
            """
            INSERT INTO pool (name, minimum, maximum, is_computed, code, state, cursor, seed, commitment, created_at)
            VALUES (@name, @minimum, @maximum, @is_computed, @code, @state, 0, @seed, @commitment, @created_at)
            """,
            ("@name", definition.Name),
            ("@minimum", definition.Range.Minimum),
            ("@maximum", definition.Range.Maximum),
            ("@is_computed", definition.Order == PoolOrder.Computed),
            ("@code", (object?)definition.Code?.ToString() ?? DBNull.Value),
            ("@state", (int)state),
            ("@seed", seed.Bytes.ToArray()),
            ("@commitment", commitment.Bytes.ToArray()),
            ("@created_at", now.ToUnixTimeMilliseconds()));
        return new StoredPool(file.Connection.Scalar("SELECT last_insert_rowid()"), definition, seed, commitment, now)
        {
            State = state,
            ClosedAt = null,
        };
    }

    /// <summary>
    /// Removes a pool that was never open, its last chunks first, so that its seeding can continue if this fails.
    /// </summary>
    public static void Remove(SqliteFile file, StoredPool pool)
    {
        for (; pool.ChunksStored > 0; pool.ChunksStored = Math.Max(0, pool.ChunksStored - ChunksRemovedAtOnce))
        {
            file.Connection.Execute(
                "DELETE FROM chunk WHERE pool_id = @id AND number >= @left",
                ("@id", pool.Id),
                ("@left", pool.ChunksStored - ChunksRemovedAtOnce));
        }

        file.Connection.Execute("DELETE FROM pool WHERE id = @id", ("@id", pool.Id));
    }

    /// <summary>Stores the chunks that are not stored yet, and opens the pool.</summary>
    /// <param name="pool">The pool, in the state seeding.</param>
    /// <param name="besideDraws">Whether other pools are open, so that the shuffle has to be paced.</param>
    /// <param name="progress">Receives how many numbers are stored.</param>
    /// <param name="cancellationToken">Cancels the seeding.</param>
    public void Seed(StoredPool pool, bool besideDraws, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(pool.Seeded);
        var pause = Pacing.For(pool.Definition.Range.Size, besideDraws);
        using var permutation = Permutation.Shuffle(pool.Seed, pool.Definition.Range.Size, pause, cancellationToken);
        WriteChunks(pool, permutation, progress, cancellationToken);
        using (gate.Enter())
        {
            stopping.ThrowIfCancellationRequested();
            file.ThrowIfMoved();
            file.Connection.Execute(
                "UPDATE pool SET state = @open WHERE id = @id", ("@open", (int)PoolState.Open), ("@id", pool.Id));
            pool.State = PoolState.Open;
        }
    }

    private void WriteChunks(
        StoredPool pool, Permutation permutation, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.Length * sizeof(uint));
        SqliteStatement insert;
        using (gate.Enter())
            insert = new SqliteStatement(file, "INSERT INTO chunk (pool_id, number, checksum, offsets) VALUES (?1, ?2, ?3, ?4)");
        try
        {
            for (var count = Chunk.CountOf(permutation.Size); pool.ChunksStored < count;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isAlone = !gate.HasDrawn();
                var next = Math.Min(pool.ChunksStored + (isAlone ? ChunksAtOnce : ChunksBesideDraws), count);
                using (gate.Enter())
                {
                    stopping.ThrowIfCancellationRequested();
                    using var transaction = file.Connection.BeginTransaction();
                    for (var number = pool.ChunksStored; number < next; number++)
                        WriteChunk(insert, pool, number, permutation, buffer);
                    transaction.Commit();
                    pool.ChunksStored = next;
                    // Otherwise the draw that fills the log would have to write all of it back.
                    if (!isAlone)
                        file.WriteBackLog();
                }

                progress?.Report(pool.Seeded);
                if (!isAlone)
                    Thread.Sleep(Pause);
            }
        }
        finally
        {
            using (gate.Enter())
                insert.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void WriteChunk(
        SqliteStatement insert, StoredPool pool, int number, Permutation permutation, Span<byte> buffer)
    {
        var offsets = permutation.Offsets.Slice(number * Chunk.Length, Chunk.LengthOf(number, permutation.Size));
        var bytes = buffer[..(offsets.Length * sizeof(uint))];
        Chunk.Encode(offsets, bytes);
        var checksum = Chunk.Checksum(pool.Commitment.Bytes, number, bytes);
        insert.Bind(1, pool.Id).Bind(2, number).Bind(3, checksum).Bind(4, bytes).Run();
    }
}
