namespace UniqueRandom.Stores;

/// <summary>A store that remembers what was delivered to webhooks about its pools. Thread-safe.</summary>
public interface IDeliveryStore
{
    /// <summary>Tries to make this process the one that delivers. The store must be open.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The ledger, which ends the right when it is disposed; null if another process has the right.</returns>
    /// <exception cref="StoreException">The store could not be reached.</exception>
    ValueTask<IDeliveryLedger?> TryLeaseAsync(CancellationToken cancellationToken);
}
