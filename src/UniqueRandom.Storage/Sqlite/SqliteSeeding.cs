using System.Buffers;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Stores the permutation of a recorded segment: its chunks in order, in short transactions so that draws go on in between, then
/// that it is ready. Nothing is drawn from it before that. Because the seed is recorded first, an interrupted seeding continues
/// after the last stored chunk.
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
        var id = file.Connection.Scalar("SELECT last_insert_rowid()");
        return new StoredPool(new StoredSegment(id, definition, first: 0, firstChunk: 0, seed, commitment, now))
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
        while (!SqliteSegments.RemoveChunks(file, pool.Segments[0]))
        {
        }

        file.Connection.Execute("DELETE FROM pool WHERE id = @id", ("@id", pool.Id));
    }

    /// <summary>
    /// Stores the chunks of the unfinished segment that are not stored yet, and makes it ready. If the pool is closed, removes
    /// the segment.
    /// </summary>
    /// <param name="pool">The pool, with an unfinished segment.</param>
    /// <param name="besideDraws">Whether pools are open, so that the shuffle has to be paced.</param>
    /// <param name="progress">Receives how many numbers are stored.</param>
    /// <param name="cancellationToken">Cancels the seeding.</param>
    public void Seed(StoredPool pool, bool besideDraws, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var segment = pool.Unfinished!;
        if (pool.State != PoolState.Closed)
        {
            progress?.Report(segment.Seeded);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var size = segment.Part.Range.Size;
            var pause = Pacing.For(size, besideDraws);
            try
            {
                using var permutation = Permutation.Shuffle(segment.Seed, size, PauseOrEnd, ending.Token);
                WriteChunks(pool, segment, permutation, progress, cancellationToken);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The pool was closed.
            }

            void PauseOrEnd()
            {
                pause?.Invoke();
                if (pool.State == PoolState.Closed)
                    ending.Cancel();
            }
        }

        while (!TryEnd(pool))
            Thread.Sleep(Pause);
    }

    /// <summary>Makes a segment ready that is stored whole, or removes a part of a useless one.</summary>
    /// <returns>Whether nothing is left to do.</returns>
    private bool TryEnd(StoredPool pool)
    {
        using (gate.Enter())
        {
            stopping.ThrowIfCancellationRequested();
            file.ThrowIfMoved();
            if (pool.State == PoolState.Closed)
                return SqliteSegments.Remove(file, pool);
            if (pool.State == PoolState.Open)
            {
                SqliteSegments.Complete(file, pool);
                return true;
            }

            file.Connection.Execute(
                "UPDATE pool SET state = @open WHERE id = @id", ("@open", (int)PoolState.Open), ("@id", pool.Id));
            pool.State = PoolState.Open;
            return true;
        }
    }

    private void WriteChunks(
        StoredPool pool,
        StoredSegment segment,
        Permutation permutation,
        IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk.Length * sizeof(uint));
        SqliteStatement insert;
        using (gate.Enter())
            insert = new SqliteStatement(file, "INSERT INTO chunk (pool_id, number, checksum, offsets) VALUES (?1, ?2, ?3, ?4)");
        try
        {
            for (var count = segment.ChunkCount; segment.ChunksStored < count && pool.State != PoolState.Closed;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isAlone = !gate.HasDrawn();
                var next = Math.Min(segment.ChunksStored + (isAlone ? ChunksAtOnce : ChunksBesideDraws), count);
                using (gate.Enter())
                {
                    stopping.ThrowIfCancellationRequested();
                    using var transaction = file.Connection.BeginTransaction();
                    for (var number = segment.ChunksStored; number < next; number++)
                        WriteChunk(insert, segment, number, permutation, buffer);
                    transaction.Commit();
                    segment.ChunksStored = next;
                    // Otherwise the draw that fills the log would have to write all of it back.
                    if (!isAlone)
                        file.WriteBackLog();
                }

                progress?.Report(segment.Seeded);
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
        SqliteStatement insert, StoredSegment segment, int number, Permutation permutation, Span<byte> buffer)
    {
        var offsets = permutation.Offsets.Slice(number * Chunk.Length, Chunk.LengthOf(number, permutation.Size));
        var bytes = buffer[..(offsets.Length * sizeof(uint))];
        Chunk.Encode(offsets, bytes);
        var checksum = Chunk.Checksum(segment.Commitment.Bytes, number, bytes);
        insert.Bind(1, segment.PoolId).Bind(2, segment.FirstChunk + number).Bind(3, checksum).Bind(4, bytes).Run();
    }
}
