using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>A SQLite file that pools enter, with its mark. Both are readable by their owner only.</summary>
internal sealed class SqliteTransferTarget : ITransferTarget
{
    private readonly string markPath;
    private readonly SqliteFile file;

    private SqliteTransferTarget(SqliteFile file, string markPath) => (this.file, this.markPath) = (file, markPath);

    public string Place => file.Path;

    public bool HasPools => file.Connection.Scalar("SELECT EXISTS (SELECT * FROM pool)") != 0;

    public Guid Identity => SqliteMark.ReadIdentity(file);

    public TransferState? Transfer => SqliteSchema.ReadTransfer(file.Connection);

    public ITransferWriter Writer => new SqliteTransferWriter(file);

    private bool HasMark => file.Connection.Scalar("SELECT has_mark FROM session") != 0;

    /// <summary>Opens the file, or creates it.</summary>
    /// <exception cref="StoreRefusedException">It can't be opened, or has an old mark.</exception>
    public static SqliteTransferTarget Open(string path, string markPath, bool mustExist)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            if (mustExist)
                throw new StoreRefusedException($"The database '{path}' is missing; put it back.");
            RefuseMark(markPath);
        }

        return new SqliteTransferTarget(SqliteFile.Open(path), markPath);
    }

    public Task BeginAsync(Guid identity, Guid transfer, CancellationToken cancellationToken)
    {
        if (Transfer is not null && HasMark)
            RemoveMark(identity);
        RefuseMark(markPath);
        file.Claim();
        SqliteSchema.Upgrade(file.Connection);
        using var transaction = file.Connection.BeginTransaction();
        // Keys come in a random order. It is much faster to sort them at the end.
        file.Connection.Execute("DROP INDEX IF EXISTS draw_key");
        foreach (var table in (string[])["delivery", "draw", "chunk", "segment", "pool"])
            file.Connection.Execute($"DELETE FROM {table}");
        file.Connection.Execute(
            "UPDATE session SET transfer = @transfer, identity = @identity, has_mark = 0",
            ("@transfer", transfer.ToByteArray()),
            ("@identity", identity.ToByteArray()));
        transaction.Commit();
        return Task.CompletedTask;
    }

    public Task SaveAsync(CancellationToken cancellationToken)
    {
        file.Connection.Execute(SqliteSchema.KeyIndex);
        RefuseMark(markPath);
        // First: a mark is the one of an unfinished transfer only if its database says so.
        file.Connection.Execute("UPDATE session SET has_mark = 1");
        try
        {
            MarkFile.Replace(
                markPath, Identity, SqliteInspection.List(file).Select(pool => (pool.MarkKey, pool.Cursor)));
            FileSync.SyncDirectory(Path.GetDirectoryName(file.Path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CantWriteMark(error);
        }

        return Task.CompletedTask;
    }

    public Task<TransferContent> ReadAsync(
        Func<ITransferReader, Task<TransferContent>> read, CancellationToken cancellationToken) =>
        read(new SqliteTransferReader(file));

    public Task FinishAsync(Guid transfer)
    {
        file.Claim();
        file.Connection.Execute("UPDATE session SET transfer = NULL WHERE transfer = @id", ("@id", transfer.ToByteArray()));
        file.Close();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        file.Release();
        return ValueTask.CompletedTask;
    }

    private static void RefuseMark(string path)
    {
        if (Path.Exists(path))
        {
            throw new StoreRefusedException(
                $"There is a mark '{path}' already; move it away, or name another file for the new mark with --to-mark.");
        }
    }

    /// <summary>
    /// Removes the mark that an unfinished transfer has created. Another one with this identity may be that of an older database.
    /// </summary>
    private void RemoveMark(Guid identity)
    {
        using (var mark = MarkFile.Open(markPath))
        {
            if (mark is not null && (mark.Identity != identity || !IsOwn(mark)))
                RefuseMark(markPath);
        }

        try
        {
            File.Delete(markPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CantWriteMark(error);
        }
    }

    /// <summary>Whether a mark has the pools and the cursors of this database.</summary>
    private bool IsOwn(MarkFile mark) =>
        SqliteInspection.List(file).Select(pool => (pool.MarkKey, (pool.Cursor, pool.Cursor))).ToHashSet()
            .SetEquals(mark.Pools.Select(pool => (pool, mark.Read(mark.Find(pool)!.Value))));

    private StoreRefusedException CantWriteMark(Exception error) => new(
        $"The mark '{markPath}' can't be written ({error.Message.TrimEnd('.')}); check its disk, or name another file with "
        + "--to-mark.",
        error);
}
