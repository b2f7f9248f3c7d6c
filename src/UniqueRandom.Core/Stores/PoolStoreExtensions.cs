using System.Runtime.CompilerServices;
using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>Extends <see cref="IPoolStore"/>.</summary>
public static class PoolStoreExtensions
{
    /// <summary>How many pools are read at a time.</summary>
    private const int PageSize = 1000;

    /// <summary>Reads all pools, in the ordinal order of their names, page by page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The pools, each in the state in which its page was read.</returns>
    /// <exception cref="StoreException">The pools could not be read.</exception>
    public static async IAsyncEnumerable<Pool> ListAllAsync(
        this IPoolStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        for (string? after = null; ;)
        {
            var page = await store.ListAsync(after, PageSize, cancellationToken);
            foreach (var pool in page)
                yield return pool;
            if (page.Count < PageSize)
                yield break;
            after = page[^1].Definition.Name;
        }
    }
}
