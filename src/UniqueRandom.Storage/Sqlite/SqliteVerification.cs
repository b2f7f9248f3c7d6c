using UniqueRandom.Permutations;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Verifies what is stored of a pool, in slices of about a millisecond.</summary>
/// <param name="slice">Runs each slice, for example inside the store's gate.</param>
/// <param name="cancellationToken">Stops the verification between two slices.</param>
internal sealed class SqliteVerification(
    Action<Action<SqliteFile, ChunkReader>> slice, CancellationToken cancellationToken)
{
    private const int ChunksAtOnce = 8;

    private const int RowsAtOnce = 2000;

    private const string Rows = "SELECT first, count FROM draw WHERE pool_id = ?1 AND first >= ?2 ORDER BY first LIMIT ?3";

    /// <summary>Verifies chunks and logs, from where they are not verified yet.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="createOrder">
    /// Creates the order that the chunks of a segment must have, from its imported numbers, if any; null for checksums only.
    /// </param>
    /// <param name="progress">Receives how many numbers are verified; null for none.</param>
    /// <exception cref="StoreException">A chunk is damaged.</exception>
    /// <exception cref="StoreRefusedException">A log does not cover the positions before the cursor.</exception>
    public void Verify(
        IEnumerable<UnverifiedPool> pools,
        Func<StoredSegment, OffsetSet?, OrderVerification>? createOrder = null,
        IProgress<long>? progress = null)
    {
        long verified = 0;
        foreach (var (pool, log, firstChunk) in pools)
        {
            foreach (var segment in pool.Segments)
            {
                var (size, first) = (segment.Part.StoredSize, Math.Max(0, firstChunk - segment.FirstChunk));
                using var imported = createOrder is null ? null : ReadImported(segment);
                using var order = size > 0 ? createOrder?.Invoke(segment, imported?.Complete()) : null;
                VerifyChunks(
                    segment, first, segment.ChunkCount, order,
                    end => progress?.Report(verified + Chunk.OffsetsIn(end, size)));
                verified += size;
            }

            VerifyLog(pool, log);
        }
    }

    /// <summary>Verifies the rest of a log.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="log">How far it is verified.</param>
    /// <param name="limit">How many rows to read at most.</param>
    /// <exception cref="StoreRefusedException">The log does not cover the positions before the cursor.</exception>
    public void VerifyLog(StoredPool pool, LogVerification log, long limit = long.MaxValue)
    {
        for (var left = limit; !log.IsDone && left > 0; left -= RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            slice((file, _) => ReadRows(file, pool, log, (int)Math.Min(left, RowsAtOnce)));
        }
    }

    /// <summary>Verifies the first chunks of a pool against their checksums.</summary>
    /// <exception cref="StoreException">A chunk is damaged.</exception>
    public void VerifyFirstChunks(StoredPool pool, int count)
    {
        foreach (var segment in pool.Segments)
            VerifyChunks(segment, 0, Math.Min(count - segment.FirstChunk, segment.ChunkCount));
    }

    /// <summary>Verifies chunks against their checksums and, if it is given, the order of the seed.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="first">The first chunk.</param>
    /// <param name="end">The chunk after the last one.</param>
    /// <param name="order">The order, or null.</param>
    /// <param name="reached">Receives the chunk after each slice, or null.</param>
    /// <exception cref="StoreException">A chunk is damaged.</exception>
    private void VerifyChunks(
        StoredSegment segment, int first, int end, OrderVerification? order = null, Action<int>? reached = null)
    {
        for (var start = first; start < end; start += ChunksAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var last = Math.Min(start + ChunksAtOnce, end);
            slice((_, chunks) =>
            {
                for (var number = start; number < last; number++)
                    chunks.Verify(segment, number, order);
            });
            reached?.Invoke(last);
        }
    }

    /// <summary>Reads the imported numbers of a segment.</summary>
    /// <returns>The chunks with the numbers; null if it has none.</returns>
    /// <exception cref="StoreException">A chunk is damaged.</exception>
    public ImportedChunks? ReadImported(StoredSegment segment)
    {
        if (segment.Imported is null)
            return null;
        var imported = new ImportedChunks(segment.Part, segment.Imported);
        var bytes = new byte[Chunk.Length * sizeof(uint)];
        for (var start = 0; start < imported.Count; start += ChunksAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            slice((_, chunks) =>
            {
                for (var number = start; number < Math.Min(start + ChunksAtOnce, imported.Count); number++)
                {
                    chunks.Read(segment, number, bytes);
                    imported.Add(number, bytes);
                }
            });
        }

        return imported;
    }

    /// <summary>Reads where the log of a pool ends.</summary>
    public static long EndOfLog(SqliteFile file, StoredPool pool) => file.Connection.Scalar(
        "SELECT COALESCE((SELECT first + count FROM draw WHERE pool_id = @pool ORDER BY first DESC LIMIT 1), 0)",
        ("@pool", pool.Id));

    private static void ReadRows(SqliteFile file, StoredPool pool, LogVerification log, int limit)
    {
        using var select = new SqliteStatement(file, Rows);
        select.Bind(1, pool.Id).Bind(2, log.End).Bind(3, limit);
        var count = 0;
        for (; select.Read(); count++)
            log.Add(select.Integer(0), select.Integer(1));
        if (count < limit && !log.IsDone)
            log.VerifyEnd(log.End);
    }
}
