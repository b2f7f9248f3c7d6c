using UniqueRandom.Draws;

namespace UniqueRandom.Stores;

/// <summary>A store that several processes draw from, so that a batch may have to wait for the others. Draws that come meanwhile can join it.</summary>
public interface ISharedPoolStore : IPoolStore
{
    /// <summary>
    /// Waits until the next batch can be taken at once: until its pools are this process's own. The next call of <see cref="IPoolStore.CommitAsync"/> is that batch.
    /// It may have more draws than were told here, as long as each of those has no key and a pool that one of the told draws asks for.
    /// </summary>
    /// <param name="requests">The draws that are known by now, at least one.</param>
    /// <exception cref="StoreException">There is no batch to be taken now; nothing was recorded.</exception>
    ValueTask LockAsync(ReadOnlyMemory<DrawRequest> requests);
}
