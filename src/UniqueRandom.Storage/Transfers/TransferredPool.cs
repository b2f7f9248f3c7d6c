using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Transfers;

/// <summary>A pool as it is copied. Both stores give it the same id.</summary>
/// <param name="Row">The valid row.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ClosedAt">When it was closed, if it was.</param>
internal sealed record TransferredPool(PoolRow Row, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt)
{
    public long StoredSize => Row.Definition.StoredSize;

    /// <summary>
    /// Gets whether its permutation is copied. One that is not whole is stored by the next server, because the seed is copied.
    /// </summary>
    public bool IsSeeded => Row.State != PoolState.Seeding;
}
