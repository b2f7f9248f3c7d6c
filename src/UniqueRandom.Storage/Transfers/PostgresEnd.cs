using UniqueRandom.Storage.Postgres;

namespace UniqueRandom.Storage.Transfers;

internal sealed class PostgresEnd(PostgresOptions options, IReadOnlyList<string> marks) : TransferEnd
{
    internal override async Task<ITransferSource> OpenSourceAsync(TimeProvider time, CancellationToken cancellationToken) =>
        await PostgresTransferSource.OpenAsync(options, marks, time, cancellationToken);

    internal override async Task<ITransferTarget> OpenTargetAsync(bool mustExist, CancellationToken cancellationToken) =>
        await PostgresTransferTarget.OpenAsync(options, mustExist, cancellationToken);
}
