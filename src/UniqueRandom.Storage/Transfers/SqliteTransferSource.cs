using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>A SQLite file that pools leave. It is locked until it is disposed.</summary>
internal sealed class SqliteTransferSource : ITransferSource
{
    private readonly SqliteFile file;
    private readonly string markPath;
    private bool isSealed;

    private SqliteTransferSource(SqliteFile file, string markPath)
    {
        (this.file, this.markPath) = (file, markPath);
        Moved = SqliteSchema.ReadTransfer(file.Connection);
        Reader = new SqliteTransferReader(file);
    }

    public string Place => file.Path;

    public Guid Identity => SqliteMark.ReadIdentity(file);

    public TransferState? Moved { get; }

    public ITransferReader Reader { get; }

    /// <summary>Opens the file, and verifies all of it.</summary>
    /// <exception cref="StoreRefusedException">The file can't be served from.</exception>
    public static SqliteTransferSource Open(string path, string markPath, CancellationToken cancellationToken)
    {
        SqliteMark.RefuseNew(path, markPath, resume: null);
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            throw new StoreRefusedException($"There is no database '{path}'; name the one that the server draws from.");
        var file = SqliteFile.Open(path);
        try
        {
            var source = new SqliteTransferSource(file, markPath);
            source.Claim(cancellationToken);
            return source;
        }
        catch (Exception error)
        {
            file.Dispose();
            throw SqliteErrors.ToRefusal(path, error);
        }
    }

    public Task MoveAsync(TransferState moved)
    {
        file.ThrowIfMoved();
        file.Connection.Execute(
            "UPDATE session SET transfer = @transfer, moved_to = @to, moved_at = @at",
            ("@transfer", moved.Id.ToByteArray()),
            ("@to", moved.MovedTo!),
            ("@at", moved.MovedAt!.Value.ToUnixTimeMilliseconds()));
        Seal();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        file.Release(canClose: isSealed);
        return ValueTask.CompletedTask;
    }

    private void Claim(CancellationToken cancellationToken)
    {
        if (Moved is { MovedTo: null })
            throw new StoreRefusedException($"The database '{file.Path}' {Moved.Reason}");
        RequireMark();
        if (Moved is null)
            Verify(cancellationToken);
        file.Claim();
        SqliteSchema.Upgrade(file.Connection);
    }

    /// <summary>
    /// Refuses a source without its mark: <see cref="Seal"/> would write another one, and a copy would agree with the real one.
    /// </summary>
    private void RequireMark()
    {
        if (!Path.Exists(markPath) && SqliteSchema.HasMark(file.Connection)
            && file.Connection.Scalar("SELECT has_mark FROM session") != 0)
        {
            throw new StoreRefusedException(
                $"The mark '{markPath}' of the database '{file.Path}' is missing; name it with --from-mark.");
        }
    }

    private void Verify(CancellationToken cancellationToken)
    {
        using var chunks = new ChunkReader(file);
        var pools = SqliteInspection.ReadAll(file, chunks, cancellationToken);
        if (pools.Find(pool => pool.IsAbandoned) is { } incomplete)
            throw Damage.OfIncompleteImport($"The database '{file.Path}'", incomplete.Definition.Name);
        using var compared = SqliteMark.Compare(file, markPath, pools);
        compared.PlanResume(pools, chunks, resume: null);
    }

    /// <summary>
    /// Writes the mark as if more numbers were handed out than the pools have, because a copy of the source from before the move
    /// agrees with the mark that it had then, and does not know that its pools have moved, and may have been extended since.
    /// </summary>
    private void Seal()
    {
        try
        {
            using (var mark = MarkFile.Open(markPath))
            {
                if (mark is not null && mark.Identity != Identity)
                    throw new StoreRefusedException($"The mark '{markPath}' belongs to another database than '{file.Path}'.");
            }

            var pools = SqliteInspection.List(file)
                .Select(pool => (pool.MarkKey, Math.Min(pool.RecordedSize, PoolRange.MaximumSize - 1) + 1));
            MarkFile.Replace(markPath, Identity, pools);
            isSealed = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException(
                $"The mark '{markPath}' can't be written ({error.Message.TrimEnd('.')}); check its disk.", error);
        }
    }
}
