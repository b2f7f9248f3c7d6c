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

    /// <summary>Requires that a number that was not found is not drawn: imported ones are found once the pool is open.</summary>
    /// <exception cref="RefusedException">The pool has imported numbers, and is being seeded.</exception>
    public static void RequireFindable(this Pool pool)
    {
        if (pool is { State: PoolState.Seeding, Imported: not null })
            throw new RefusedException(Problem.PoolSeeding(pool.Definition.Name));
    }
}
