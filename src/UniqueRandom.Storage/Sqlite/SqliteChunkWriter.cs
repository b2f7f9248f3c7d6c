using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Writes the chunks of a segment in order, in short transactions so that other pools can draw in between.</summary>
/// <param name="file">The database.</param>
/// <param name="gate">The store's gate.</param>
/// <param name="stopping">Canceled when the store ends: nothing is written after that.</param>
internal sealed class SqliteChunkWriter(SqliteFile file, StoreGate gate, CancellationToken stopping)
{
    /// <summary>How many chunks share a transaction while there are no draws: 256 KiB, about a millisecond.</summary>
    private const int ChunksAtOnce = 8;

    /// <summary>How many chunks share a transaction while there are draws.</summary>
    private const int ChunksBesideDraws = 2;

    /// <summary>How long the store is left to draws between two transactions.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly byte[] buffer = new byte[Chunk.Length * sizeof(uint)];

    /// <summary>Writes the chunks that are not stored yet, until the pool is closed.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="segment">The segment that is being stored.</param>
    /// <param name="end">The chunk before which to stop.</param>
    /// <param name="offsetsOf">Gets the offsets of a chunk; called for one after the other.</param>
    /// <param name="progress">Receives how many numbers are stored.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="StoreException">They could not be written.</exception>
    public void Write(
        StoredPool pool,
        StoredSegment segment,
        int end,
        Func<int, ReadOnlySpan<uint>> offsetsOf,
        IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        SqliteStatement insert;
        using (gate.Enter())
            insert = new SqliteStatement(file, "INSERT INTO chunk (checksum, offsets, pool_id, number) VALUES (?1, ?2, ?3, ?4)");
        try
        {
            while (segment.ChunksStored < end && pool.State != PoolState.Closed)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isAlone = !gate.HasDrawn();
                var next = Math.Min(segment.ChunksStored + (isAlone ? ChunksAtOnce : ChunksBesideDraws), end);
                using (gate.Enter())
                {
                    stopping.ThrowIfCancellationRequested();
                    using var transaction = file.Connection.BeginTransaction();
                    for (var number = segment.ChunksStored; number < next; number++)
                        Run(insert, segment, number, offsetsOf(number));
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
        }
    }

    /// <summary>Writes a stored chunk again.</summary>
    /// <exception cref="StoreException">It could not be written.</exception>
    public void Rewrite(StoredSegment segment, int number, Permutation permutation)
    {
        using (gate.Enter())
        {
            stopping.ThrowIfCancellationRequested();
            using var update = new SqliteStatement(
                file, "UPDATE chunk SET checksum = ?1, offsets = ?2 WHERE pool_id = ?3 AND number = ?4");
            Run(update, segment, number, permutation.OffsetsOf(number));
        }
    }

    private void Run(SqliteStatement statement, StoredSegment segment, int number, ReadOnlySpan<uint> offsets)
    {
        var bytes = buffer.AsSpan(0, offsets.Length * sizeof(uint));
        Chunk.Encode(offsets, bytes);
        var checksum = Chunk.Checksum(segment.Commitment.Bytes, number, bytes);
        statement.Bind(1, checksum).Bind(2, bytes).Bind(3, segment.PoolId).Bind(4, segment.FirstChunk + number).Run();
    }
}
