using UniqueRandom.Draws;

namespace UniqueRandom.Stores;

/// <summary>A batch whose pools are locked, so that no other process draws from them. Not thread-safe.</summary>
public interface ILockedBatch
{
    /// <summary>Takes the draws of the batch in one transaction, and releases the lock. Called once.</summary>
    /// <param name="requests">
    /// The draws that were known when the pools were locked. More may have joined them if each has no key and draws from a locked
    /// pool.
    /// </param>
    /// <param name="outcomes">
    /// Receives the outcome of each; as long as <paramref name="requests"/>. Undefined if this throws.
    /// </param>
    /// <exception cref="StoreException">The transaction failed; see <see cref="StoreException.Fault"/>.</exception>
    ValueTask CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes);
}
