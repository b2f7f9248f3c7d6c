using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Reads everything and writes nothing, to verify a copy.</summary>
internal sealed class NoWriter : ITransferWriter
{
    public Task WritePoolsAsync(IReadOnlyList<TransferredPool> pools, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WriteChunksAsync(
        TransferredPool pool, IAsyncEnumerable<TransferredChunk> chunks, CancellationToken cancellationToken) =>
        ReadAsync(chunks, cancellationToken);

    public Task WriteLogAsync(
        TransferredPool pool, IAsyncEnumerable<DrawLogRow> rows, CancellationToken cancellationToken) =>
        ReadAsync(rows, cancellationToken);

    public Task WriteDeliveriesAsync(
        IAsyncEnumerable<TransferredDelivery> deliveries, CancellationToken cancellationToken) =>
        ReadAsync(deliveries, cancellationToken);

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> items, CancellationToken cancellationToken)
    {
        await foreach (var _ in items.WithCancellation(cancellationToken))
        {
        }
    }
}
