namespace UniqueRandom.Stores;

/// <summary>
/// The deliveries to webhooks, while this process has the right to deliver. Thread-safe. After an exception the right may be
/// lost, and the ledger must be disposed.
/// </summary>
/// <remarks>
/// Another process may get the right before this one notices that it has lost it. Events are delivered at least once.
/// </remarks>
public interface IDeliveryLedger : IAsyncDisposable
{
    /// <summary>Checks whether this process still has the right. Without a call for 30 seconds it may lose the right.</summary>
    /// <exception cref="StoreException">The right is lost, or the store can't be reached.</exception>
    ValueTask CheckAsync();

    /// <summary>Reads the deliveries to a webhook by the names of the pools; only those that were written.</summary>
    /// <exception cref="StoreException">The deliveries could not be read.</exception>
    ValueTask<Dictionary<string, Delivery>> ReadAsync(string webhook);

    /// <summary>Writes a delivery. Does nothing if there is no such pool.</summary>
    /// <exception cref="StoreException">The delivery could not be written.</exception>
    ValueTask WriteAsync(string webhook, string pool, Delivery delivery);
}
