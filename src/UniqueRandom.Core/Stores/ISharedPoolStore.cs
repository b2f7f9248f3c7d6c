using UniqueRandom.Draws;

namespace UniqueRandom.Stores;

/// <summary>
/// A store that several processes draw from, so that a batch may have to wait for another process. Draws that arrive meanwhile
/// can join it.
/// </summary>
public interface ISharedPoolStore : IPoolStore
{
    /// <summary>Locks the pools of a batch, waiting for other processes.</summary>
    /// <param name="requests">The draws that are known so far, at least one.</param>
    /// <returns>The locked batch. The caller commits it before it locks another one.</returns>
    /// <exception cref="StoreException">The pools can't be locked now; nothing was recorded.</exception>
    ValueTask<ILockedBatch> LockAsync(ReadOnlyMemory<DrawRequest> requests);
}
