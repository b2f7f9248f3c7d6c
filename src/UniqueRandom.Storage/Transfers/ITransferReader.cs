using UniqueRandom.Draws;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>
/// Reads everything that a store has, in an order that both stores have in common. Nothing else writes meanwhile.
/// </summary>
internal interface ITransferReader
{
    /// <summary>Reads the pools in the order of their ids.</summary>
    /// <exception cref="StoreRefusedException">A row is damaged.</exception>
    Task<IReadOnlyList<TransferredPool>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Reads the chunks of a permutation in order, verified.</summary>
    /// <exception cref="StoreException">A chunk is missing, or does not match its checksum.</exception>
    IAsyncEnumerable<TransferredChunk> ReadChunksAsync(TransferredPool pool, CancellationToken cancellationToken);

    /// <summary>Reads the draw log of a pool in the order of the positions.</summary>
    IAsyncEnumerable<DrawLogRow> ReadLogAsync(TransferredPool pool, CancellationToken cancellationToken);

    /// <summary>Reads the deliveries in the order of the webhooks and the ids of the pools.</summary>
    IAsyncEnumerable<TransferredDelivery> ReadDeliveriesAsync(CancellationToken cancellationToken);

    /// <summary>Counts the idempotency keys that were used.</summary>
    Task<long> CountKeysAsync(CancellationToken cancellationToken);
}
