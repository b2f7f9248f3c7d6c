using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Verifies an open store while draws go on. It leaves them half of the time.</summary>
internal sealed class SqliteSweep(SqlitePoolStore store, CancellationToken cancellationToken)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Verifies all pools, or what the start has left of them.</summary>
    /// <exception cref="StoreException">Something is damaged.</exception>
    /// <exception cref="StoreRefusedException">A log is damaged.</exception>
    public void Run(bool everything, IProgress<long>? progress)
    {
        var verification = new SqliteVerification(RunSlice, cancellationToken);
        var pools = store.Use(open => everything
            ? [.. open.Pools.Values.Where(pool => pool.State != PoolState.Seeding).Select(Whole)]
            : open.Unverified);
        long verified = 0;
        foreach (var pool in pools)
        {
            var (size, start, end) = (pool.Pool.Definition.Range.Size, verified, pool.FirstChunk);
            using var order = everything ? OrderOf(pool.Pool) : null;
            verification.VerifyChunks(pool.Pool, pool.FirstChunk, pool.EndChunk, order, count =>
                progress?.Report(start + Chunk.OffsetsIn(end += count, size)));
            verification.VerifyLog(pool.Pool, pool.Log);
            verified += size;
        }
    }

    private static UnverifiedPool Whole(StoredPool pool) =>
        new(pool, new LogVerification(pool.Definition.Name, pool.Cursor), FirstChunk: 0);

    private OrderVerification OrderOf(StoredPool pool) => new(
        pool.Definition, pool.Seed, Pacing.For(pool.Definition.Range.Size, besideDraws: true), cancellationToken);

    private void RunSlice(Action<SqliteFile, ChunkReader> slice)
    {
        store.Use(open => slice(open.File, open.Chunks));
        Thread.Sleep(Pause);
    }
}
