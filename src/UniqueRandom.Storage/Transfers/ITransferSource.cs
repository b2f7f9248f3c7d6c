using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>
/// The end that pools leave. It is verified, and nothing else draws from it until it is disposed, unless its pools have moved
/// already.
/// </summary>
internal interface ITransferSource : IAsyncDisposable
{
    /// <summary>Gets the database for messages, without secrets.</summary>
    string Place { get; }

    Guid Identity { get; }

    /// <summary>Gets where the pools are, if an earlier run has moved them.</summary>
    TransferState? Moved { get; }

    ITransferReader Reader { get; }

    /// <summary>
    /// Records where the pools are. When it returns, no server draws from the source any more, whatever fails. Idempotent.
    /// </summary>
    /// <exception cref="StoreException">It may not have been recorded.</exception>
    /// <exception cref="StoreRefusedException">It was recorded, and an old copy of the source is not refused yet.</exception>
    Task MoveAsync(TransferState moved);
}
