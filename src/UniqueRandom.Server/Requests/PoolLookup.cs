using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Requests;

/// <summary>The pool that a request is about.</summary>
internal static class PoolLookup
{
    /// <exception cref="RefusedException">There is no pool of the name.</exception>
    public static async ValueTask<Pool> GetAsync(this IPoolStore store, string name, CancellationToken cancellationToken) =>
        await store.FindAsync(name, cancellationToken) ?? throw new RefusedException(Problem.PoolNotFound(name));
}
