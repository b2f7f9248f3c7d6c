using UniqueRandom.Pools;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Requests;

/// <summary>The pool that a request is about.</summary>
internal static class PoolLookup
{
    /// <exception cref="RefusedException">There is no pool of the name.</exception>
    public static async ValueTask<Pool> GetAsync(this IPoolStore store, string name, CancellationToken cancellation) =>
        await store.FindAsync(name, cancellation) ?? throw new RefusedException(Problem.PoolNotFound(name));
}
