using UniqueRandom.Pools;
using UniqueRandom.Server.Problems;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Requests;

internal static class PoolLookup
{
    /// <summary>Gets the pool that a request names.</summary>
    /// <exception cref="RefusedException">There is no pool of this name.</exception>
    public static async ValueTask<Pool> GetAsync(this IPoolStore store, string name, CancellationToken cancellationToken) =>
        await store.FindAsync(name, cancellationToken) ?? throw new RefusedException(Problem.PoolNotFound(name));
}
