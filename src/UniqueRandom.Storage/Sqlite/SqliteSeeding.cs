using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Stores the permutation of a recorded segment: its chunks in order, in short transactions so that draws go on in between, then
/// that it is ready. Nothing is drawn from it before that. Because the seed is recorded first, an interrupted seeding continues
/// after the last stored chunk.
/// </summary>
/// <param name="file">The database.</param>
/// <param name="chunks">Reads the chunks of the database.</param>
/// <param name="gate">The store's gate.</param>
/// <param name="stopping">Canceled when the store ends: nothing is written after that.</param>
internal sealed class SqliteSeeding(SqliteFile file, ChunkReader chunks, StoreGate gate, CancellationToken stopping)
{
    /// <summary>How long the store is left to draws between two removals.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly SqliteChunkWriter writer = new(file, gate, stopping);

    /// <summary>Records a pool: in the state seeding, or open if nothing of it is stored. The caller holds the gate.</summary>
    public static StoredPool Record(
        SqliteFile file, PoolDefinition definition, ImportedList? imported, Seed seed, DateTimeOffset now)
    {
        var commitment = Commitment.To(seed, definition.Range, definition.Order, imported);
        var state = definition.StoredSize > 0 ? PoolState.Seeding : PoolState.Open;
        file.Connection.Execute(
            """
            INSERT INTO pool (
                name, minimum, maximum, is_computed, code, imported, imported_sha256, state, cursor, seed, commitment, created_at)
            VALUES (
                @name, @minimum, @maximum, @is_computed, @code, @imported, @imported_sha256, @state, 0, @seed, @commitment,
                @created_at)
            """,
            ("@name", definition.Name),
            ("@minimum", definition.Range.Minimum),
            ("@maximum", definition.Range.Maximum),
            ("@is_computed", definition.Order == PoolOrder.Computed),
            ("@code", (object?)definition.Code?.ToString() ?? DBNull.Value),
            ("@imported", (object?)imported?.Count ?? DBNull.Value),
            ("@imported_sha256", (object?)imported?.Sha256 ?? DBNull.Value),
            ("@state", (int)state),
            ("@seed", seed.Bytes.ToArray()),
            ("@commitment", commitment.Bytes.ToArray()),
            ("@created_at", now.ToUnixTimeMilliseconds()));
        var id = file.Connection.Scalar("SELECT last_insert_rowid()");
        var first = new StoredSegment(id, definition, first: 0, firstChunk: 0, seed, commitment, now) { Imported = imported };
        return new StoredPool(first)
        {
            State = state,
            ClosedAt = null,
        };
    }

    /// <summary>
    /// Removes the last chunks of a pool that was never open, or the pool when it has none. Called until it is removed; in
    /// between, its seeding can continue.
    /// </summary>
    /// <returns>Whether the pool is removed.</returns>
    public static bool RemoveNext(SqliteFile file, StoredPool pool)
    {
        if (!SqliteSegments.RemoveChunks(file, pool.Segments[0]))
            return false;
        file.Connection.Execute("DELETE FROM pool WHERE id = @id", ("@id", pool.Id));
        return true;
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
            using var imported = new SqliteVerification(RunSlice, cancellationToken).ReadImported(segment);
            var size = segment.Part.Range.Size;
            var pause = Pacing.For(size, besideDraws);
            try
            {
                using var permutation = Permutation.Shuffle(
                    segment.Seed, size, imported?.Complete(), PauseOrEnd, ending.Token);
                // The last chunk of the import has no other numbers yet.
                if (segment.Imported is { } list)
                    writer.Rewrite(segment, Chunk.CountOf(list.Count) - 1, permutation);
                writer.Write(pool, segment, segment.ChunkCount, permutation.OffsetsOf, progress, cancellationToken);
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

    private void RunSlice(Action<SqliteFile, ChunkReader> slice)
    {
        using (gate.Enter())
        {
            stopping.ThrowIfCancellationRequested();
            slice(file, chunks);
        }
    }
}
