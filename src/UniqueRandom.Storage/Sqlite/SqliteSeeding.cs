using System.Buffers;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Writes a pool: a row in the state seeding, its chunks in short transactions of their own so that other pools can draw in between,
/// and at last, in one transaction, the state open. Until then nothing is drawn from it. What was cut off can be gone on with, because
/// the seed is stored first.
/// </summary>
/// <param name="file">The database.</param>
/// <param name="gate">The store's gate.</param>
/// <param name="end">The end of the store: from then on nothing is written, whoever holds the gate next.</param>
internal sealed class SqliteSeeding(SqliteFile file, StoreGate gate, CancellationToken end)
{
    /// <summary>How many chunks share a transaction while nobody draws: 256 KiB, about a millisecond.</summary>
    private const int ChunksAtOnce = 8;

    /// <summary>How many share one while somebody does.</summary>
    private const int ChunksBesideDraws = 2;

    /// <summary>How long draws have the store to themselves between two of those.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Stores the row. The caller holds the gate.</summary>
    public static StoredPool Begin(SqliteFile file, PoolDefinition definition, Seed seed, DateTimeOffset now)
    {
        file.ThrowIfMoved();
        var commitment = Commitment.To(seed, definition.Range);
        file.Connection.Execute(
            """
            INSERT INTO pool (name, minimum, maximum, state, cursor, seed, commitment, created_at)
            VALUES (@name, @minimum, @maximum, @state, 0, @seed, @commitment, @created_at)
            """,
            ("@name", definition.Name),
            ("@minimum", definition.Range.Minimum),
            ("@maximum", definition.Range.Maximum),
            ("@state", (int)PoolState.Seeding),
            ("@seed", seed.Bytes.ToArray()),
            ("@commitment", commitment.Bytes.ToArray()),
            ("@created_at", now.ToUnixTimeMilliseconds()));
        return new StoredPool(file.Connection.Scalar("SELECT last_insert_rowid()"), definition, seed, commitment, now)
        {
            State = PoolState.Seeding,
            ClosedAt = null,
        };
    }

    /// <summary>Stores the chunks that are not stored yet, and opens the pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="besideDraws">Whether there are pools to draw from already, so that the shuffle has to make way.</param>
    /// <param name="progress">Hears how many numbers are stored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void Finish(StoredPool pool, bool besideDraws, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(pool.Seeded);
        var makeWay = Pacing.Of(pool.Definition.Range.Size, besideDraws);
        using var permutation = Permutation.Shuffle(pool.Seed, pool.Definition.Range.Size, makeWay, cancellationToken);
        WriteChunks(pool, permutation, progress, cancellationToken);
        using (gate.Enter())
        {
            end.ThrowIfCancellationRequested();
            file.ThrowIfMoved();
            file.Connection.Execute("UPDATE pool SET state = @open WHERE id = @id", ("@open", (int)PoolState.Open), ("@id", pool.Id));
            pool.State = PoolState.Open;
        }
    }

    /// <summary>Removes a pool that was never open, from its end, so that what is left when this fails can be gone on with.</summary>
    public void Remove(StoredPool pool)
    {
        while (pool.ChunksStored > 0)
        {
            using (gate.Enter())
            {
                end.ThrowIfCancellationRequested();
                var left = Math.Max(0, pool.ChunksStored - 8 * ChunksAtOnce);
                file.Connection.Execute("DELETE FROM chunk WHERE pool_id = @id AND number >= @left", ("@id", pool.Id), ("@left", left));
                pool.ChunksStored = left;
            }
        }

        using (gate.Enter())
        {
            end.ThrowIfCancellationRequested();
            file.Connection.Execute("DELETE FROM pool WHERE id = @id", ("@id", pool.Id));
        }
    }

    private void WriteChunks(StoredPool pool, Permutation permutation, IProgress<long>? progress, CancellationToken cancellationToken)
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
                    end.ThrowIfCancellationRequested();
                    using var transaction = file.Connection.BeginTransaction();
                    for (var number = pool.ChunksStored; number < next; number++)
                        WriteChunk(insert, pool, number, permutation, buffer);
                    transaction.Commit();
                    pool.ChunksStored = next;
                    // Or the log would fill up, and whichever draw fills it would write all of it back.
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

    private static void WriteChunk(SqliteStatement insert, StoredPool pool, int number, Permutation permutation, Span<byte> buffer)
    {
        var offsets = permutation.Offsets.Slice(number * Chunk.Length, Chunk.LengthOf(number, permutation.Size));
        var bytes = buffer[..(offsets.Length * sizeof(uint))];
        Chunk.Encode(offsets, bytes);
        insert.Bind(1, pool.Id).Bind(2, number).Bind(3, Chunk.Checksum(pool.Commitment.Bytes, number, bytes)).Bind(4, bytes).Run();
    }
}
