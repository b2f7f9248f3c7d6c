using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Takes everything that a <see cref="ITransferReader"/> reads, in the same order.</summary>
internal interface ITransferWriter
{
    Task WritePoolsAsync(IReadOnlyList<TransferredPool> pools, CancellationToken cancellationToken);

    Task WriteChunksAsync(TransferredPool pool, IAsyncEnumerable<TransferredChunk> chunks, CancellationToken cancellationToken);

    Task WriteLogAsync(TransferredPool pool, IAsyncEnumerable<DrawLogRow> rows, CancellationToken cancellationToken);

    Task WriteDeliveriesAsync(IAsyncEnumerable<TransferredDelivery> deliveries, CancellationToken cancellationToken);
}
