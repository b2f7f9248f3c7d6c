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
        var pools = store.Use(open => everything
            ? [.. open.Pools.Values.Where(pool => pool.State != PoolState.Seeding).Select(UnverifiedPool.Whole)]
            : open.Unverified);
        new SqliteVerification(RunSlice, cancellationToken).Verify(pools, everything ? CreateOrder : null, progress);
    }

    private OrderVerification CreateOrder(StoredSegment segment, OffsetSet? imported) => new(
        segment.Part, segment.Seed, imported, Pacing.For(segment.Part.Range.Size, besideDraws: true), cancellationToken);

    private void RunSlice(Action<SqliteFile, ChunkReader> slice)
    {
        store.Use(open => slice(open.File, open.Chunks));
        Thread.Sleep(Pause);
    }
}
