namespace UniqueRandom.Stores;

/// <summary>
/// The deliveries to receivers, while this process has the right to deliver. Thread-safe. After an exception the right may be
/// lost, and the ledger must be disposed. Then another process may deliver before this one has noticed: a message can be sent
/// more than once, never too rarely.
/// </summary>
public interface IDeliveryLedger : IAsyncDisposable
{
    /// <summary>Reads the deliveries to a receiver by the names of the pools; only those that were written.</summary>
    /// <exception cref="StoreException">The deliveries could not be read.</exception>
    ValueTask<Dictionary<string, Delivery>> ReadAsync(string receiver);

    /// <summary>Writes a delivery. Does nothing if there is no such pool.</summary>
    /// <exception cref="StoreException">The delivery could not be written.</exception>
    ValueTask WriteAsync(string receiver, string pool, Delivery delivery);
}
