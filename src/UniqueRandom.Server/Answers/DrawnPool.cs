using UniqueRandom.Pools;

namespace UniqueRandom.Server.Answers;

/// <summary>A pool in a backup or a check.</summary>
internal sealed record DrawnPool(string Pool, long Size, PoolState State, long Drawn)
{
    public static DrawnPool Of(Pool pool) => new(pool.Definition.Name, pool.Definition.Range.Size, pool.State, pool.Cursor);
}
