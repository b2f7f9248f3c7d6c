using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static SQLitePCL.raw;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Copies an open database in slices, while draws go on.</summary>
/// <remarks>
/// SQLite's backup uses the store's own connection: what draws change meanwhile is changed in the copy as well, so it is as of
/// the last slice, and never begins anew. The copy is synced here and not by SQLite, whose sync would hold up the draws.
/// </remarks>
internal sealed class SqliteBackup(SqlitePoolStore store, string directory, TimeProvider time)
{
    /// <summary>How many pages a slice copies: 256 KiB.</summary>
    private const int PagesAtOnce = 64;

    /// <summary>How many slices are synced together: 4 MiB, so that a draw does not wait for a long sync.</summary>
    private const int SlicesPerSync = 16;

    /// <summary>How long the backup leaves the store to draws between two slices.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly string partial = Path.Combine(directory, "backup.partial");

    /// <exception cref="BackupException">The copy could not be written, or is damaged.</exception>
    /// <exception cref="InsufficientDiskException">The disk has no room for it.</exception>
    public StoredBackup Run(CancellationToken cancellationToken)
    {
        using var turn = Lock();
        try
        {
            store.Use(open => SqliteDisk.RequireCopy(open.File, directory));
            Create();
            var pools = Copy(cancellationToken);
            Mark();
            SqliteCheck.RunBriefly(partial, cancellationToken);
            return Publish(pools);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new BackupException(
                $"The backup in '{directory}' can't be written ({error.Message.TrimEnd('.')}); check the directory and its disk.",
                error);
        }
        catch (StoreRefusedException error)
        {
            throw new BackupException($"The backup was not written: {error.Message}", error);
        }
        finally
        {
            foreach (var left in (string[])[partial, $"{partial}-journal", $"{partial}-wal"])
                File.Delete(left);
        }
    }

    /// <summary>Excludes another server that has the same directory.</summary>
    private FileLock Lock()
    {
        try
        {
            return FileLock.Take(Path.Combine(directory, "backup"), "directory for backups");
        }
        catch (StoreRefusedException error)
        {
            throw new BackupException(error.Message, error);
        }
    }

    private void Create()
    {
        // Left behind by a process that was killed.
        File.Delete(partial);
        PrivateFile.Create(partial).Dispose();
    }

    /// <returns>The pools as of the last slice.</returns>
    private IReadOnlyList<Pool> Copy(CancellationToken cancellationToken)
    {
        using var target = Connect();
        target.Execute("PRAGMA synchronous = OFF");
        var backup = store.Use(open => sqlite3_backup_init(target.Handle, "main", open.File.Connection.Handle, "main"))
            ?? throw ErrorOf(target);
        try
        {
            for (var slice = 1; ; slice++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (store.Use(open => Step(target, backup) ? open.Snapshot() : null) is { } pools)
                    return pools;
                if (slice % SlicesPerSync == 0)
                    Sync();
                Thread.Sleep(Pause);
            }
        }
        finally
        {
            store.UseAlways(backup.Dispose);
        }
    }

    /// <returns>Whether the copy is complete.</returns>
    private static bool Step(SqliteConnection target, sqlite3_backup backup)
    {
        var code = sqlite3_backup_step(backup, PagesAtOnce);
        return code is SQLITE_OK or SQLITE_DONE ? code == SQLITE_DONE : throw ErrorOf(target);
    }

    private static BackupException ErrorOf(SqliteConnection connection) =>
        new($"The copy of the database has failed: {sqlite3_errmsg(connection.Handle).utf8_to_string()}.");

    /// <summary>Makes the copy a single file that is closed and is known to be a backup.</summary>
    private void Mark()
    {
        using var copy = Connect();
        copy.Execute("UPDATE session SET is_open = 0, has_mark = @backup", ("@backup", SqliteMark.IsBackup));
    }

    private StoredBackup Publish(IReadOnlyList<Pool> pools)
    {
        Sync();
        var now = time.GetStoredNow();
        var path = Path.Combine(directory, string.Create(
            CultureInfo.InvariantCulture,
            $"numbers-{now.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff'Z'}-drawn-{pools.Sum(pool => pool.Cursor)}.db"));
        File.Move(partial, path);
        FileSync.SyncDirectory(directory);
        return new StoredBackup(path, new FileInfo(path).Length, now, pools);
    }

    private void Sync()
    {
        using var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        FileSync.Sync(file);
    }

    private SqliteConnection Connect()
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = partial,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        return connection;
    }
}
