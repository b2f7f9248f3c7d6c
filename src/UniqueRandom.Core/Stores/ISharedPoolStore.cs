using UniqueRandom.Draws;

namespace UniqueRandom.Stores;

/// <summary>
/// A store that several processes draw from, so that a batch may have to wait for another process. Draws that arrive meanwhile
/// can join it.
/// </summary>
public interface ISharedPoolStore : IPoolStore
{
    /// <summary>
    /// Locks the pools of the next batch, waiting for other processes. The next call of <see cref="IPoolStore.CommitAsync"/> is
    /// that batch. It may have more draws than <paramref name="requests"/> if each additional one has no key and draws from one
    /// of the locked pools.
    /// </summary>
    /// <param name="requests">The draws that are known so far, at least one.</param>
    /// <exception cref="StoreException">The pools can't be locked now; nothing was recorded.</exception>
    ValueTask LockAsync(ReadOnlyMemory<DrawRequest> requests);
}
