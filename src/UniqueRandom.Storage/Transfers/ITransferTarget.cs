using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>The end that pools enter.</summary>
internal interface ITransferTarget : IAsyncDisposable
{
    /// <summary>Gets the database for messages, and for those who look for the pools, without secrets.</summary>
    string Place { get; }

    /// <summary>Gets whether it has pools.</summary>
    bool HasPools { get; }

    Guid Identity { get; }

    /// <summary>Gets the transfer that has begun to fill it; null if it is finished or empty.</summary>
    TransferState? Transfer { get; }

    ITransferWriter Writer { get; }

    /// <summary>Removes what an unfinished transfer has left, and records durably that the target is unfinished.</summary>
    /// <param name="identity">The identity of the source.</param>
    /// <param name="transfer">The id of the transfer.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    Task BeginAsync(Guid identity, Guid transfer, CancellationToken cancellationToken);

    /// <summary>Makes durable what was written. The target stays unfinished.</summary>
    /// <exception cref="StoreException">It could not be made durable.</exception>
    /// <exception cref="StoreRefusedException">The mark can't be created.</exception>
    Task SaveAsync(CancellationToken cancellationToken);

    /// <summary>Reads what is durable.</summary>
    Task<TransferContent> ReadAsync(Func<ITransferReader, Task<TransferContent>> read, CancellationToken cancellationToken);

    /// <summary>Records durably that the target is finished. From then on servers can draw from it.</summary>
    /// <exception cref="StoreException">It may not have been recorded.</exception>
    Task FinishAsync(Guid transfer);
}
