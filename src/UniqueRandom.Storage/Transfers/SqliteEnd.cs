using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Storage.Transfers;

internal sealed class SqliteEnd(string path, string? mark) : TransferEnd
{
    private string FullPath => Path.GetFullPath(path);

    private string MarkPath => SqliteMark.PathFor(FullPath, new MarkOptions { Path = mark });

    internal override Task<ITransferSource> OpenSourceAsync(TimeProvider time, CancellationToken cancellationToken) =>
        Task.FromResult<ITransferSource>(SqliteTransferSource.Open(FullPath, MarkPath, cancellationToken));

    internal override Task<ITransferTarget> OpenTargetAsync(bool mustExist, CancellationToken cancellationToken) =>
        Task.FromResult<ITransferTarget>(SqliteTransferTarget.Open(FullPath, MarkPath, mustExist));
}
