using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using UniqueRandom.Stores;
using static SQLitePCL.raw;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>The database file, opened exclusively through one connection, with every commit synced.</summary>
/// <remarks>
/// No File API may open the database or its -wal file meanwhile: POSIX drops a process's locks on a file as soon as it closes any
/// descriptor of it.
/// </remarks>
internal sealed partial class SqliteFile : IDisposable
{
    private readonly FileLock fileLock;
    private bool isClaimed;
    private bool wasOpen;

    private SqliteFile(string path, SqliteConnection connection, FileLock fileLock)
    {
        Path = path;
        Connection = connection;
        this.fileLock = fileLock;
    }

    public string Path { get; }

    public SqliteConnection Connection { get; }

    /// <summary>Opens the file, or creates it. A file that is not a database of this version is not changed.</summary>
    /// <exception cref="StoreRefusedException">The file can't be opened, is in use, or is something else.</exception>
    public static SqliteFile Open(string path)
    {
        EmbeddedSqlite.Use();
        path = System.IO.Path.GetFullPath(path);
        var fileLock = FileLock.Take(path, "database");
        var isNew = !File.Exists(path);
        // SQLite treats a file of one byte as an empty one, and would overwrite it.
        if (!isNew && new FileInfo(path).Length == 1)
        {
            fileLock.Dispose();
            throw new StoreRefusedException($"The file '{path}' is not a SQLite database; name another database.");
        }

        if (isNew)
            CreatePrivate(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = isNew ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        var file = new SqliteFile(path, connection, fileLock);
        try
        {
            file.Open();
            return file;
        }
        catch (SqliteException error)
        {
            file.Dispose();
            throw new StoreRefusedException(SqliteErrors.DescribeOpenFailure(path, error), error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes the log back and marks the database itself as open. Until <see cref="Close"/>, the database is incomplete without
    /// its log: a copy without it would hand out numbers again that the log records as drawn.
    /// </summary>
    /// <remarks>
    /// After a failed sync and a restart, the log can contain pages that only the page cache has. The checkpoint writes and syncs
    /// them again before they are used.
    /// </remarks>
    /// <exception cref="StoreRefusedException">Another program is using the log.</exception>
    public void Claim()
    {
        if (!isClaimed)
            wasOpen = Connection.Scalar("SELECT is_open FROM session") != 0;
        // First: if the mark is written and the checkpoint then fails, the log that belongs to it must stay.
        KeepLogOnClose(true);
        Mark(isOpen: true);
        isClaimed = true;
    }

    /// <summary>Marks a claimed database as closed, and writes its log back. Only <see cref="Dispose"/> may follow.</summary>
    /// <exception cref="StoreException">It failed; database and log are left as after a crash.</exception>
    public void Close()
    {
        if (!isClaimed)
            return;
        ThrowIfMoved();
        try
        {
            Mark(isOpen: false);
            KeepLogOnClose(false);
            isClaimed = false;
        }
        catch (Exception error) when (error is SqliteException or StoreRefusedException)
        {
            throw new StoreException(
                StoreFault.Fatal,
                $"The database '{Path}' could not be closed ({error.Message.TrimEnd('.')}); every answered draw is in it or in "
                + $"its log '{Path}-wal'. Leave the log beside the database, check the disk, then start again.",
                error);
        }
    }

    /// <summary>
    /// Verifies that the path still leads to this file; otherwise numbers that are drawn now would be drawn again.
    /// </summary>
    /// <exception cref="StoreException">The file was moved or removed.</exception>
    public void ThrowIfMoved()
    {
        const int hasMoved = 20; // SQLITE_FCNTL_HAS_MOVED
        var moved = 0;
        var code = FileControl(Connection.Handle!.DangerousGetHandle(), "main", hasMoved, ref moved);
        if (code != SQLITE_OK || moved != 0)
        {
            throw new StoreException(
                StoreFault.Fatal, $"The database '{Path}' was moved or removed while it was open; put it back and start again.");
        }
    }

    /// <summary>Commits and syncs a change without effect, to verify that a draw could be recorded.</summary>
    public void CheckWritable()
    {
        ThrowIfMoved();
        // 1 and 2 both mean open. SQLite does not write a row that stays the same.
        Connection.Execute("UPDATE session SET is_open = 3 - is_open");
    }

    /// <summary>Writes the current log back.</summary>
    public void WriteBackLog() => Connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");

    /// <summary>
    /// Releases the file, and closes it if that works and it was closed before. A database that a crash has left open stays open:
    /// its mark has ceilings above its cursors, and a closed database below them is taken for an old copy.
    /// </summary>
    /// <param name="canClose">Whether it may be closed in any case, because nothing is drawn from it any more.</param>
    public void Release(bool canClose = false)
    {
        using (this)
        {
            try
            {
                if (canClose || !wasOpen)
                    Close();
            }
            catch (StoreException)
            {
                // The next start writes the log back. An error that came before is more useful.
            }
        }
    }

    /// <summary>Releases the file. Without <see cref="Close"/>, a claimed database keeps its log, as after a crash.</summary>
    public void Dispose()
    {
        try
        {
            Connection.Dispose();
        }
        finally
        {
            fileLock.Dispose();
        }
    }

    /// <summary>
    /// Creates an empty file that only its owner can read, because it will contain seeds. SQLite gives its log the same mode.
    /// </summary>
    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            PrivateFile.Create(path).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // SQLite reports why the file can't be created.
        }
    }

    private void Open()
    {
        SqliteLibrary.Verify(Connection.ServerVersion);
        Connection.Open();
        // A refused file is left as it was: with its log, or without one.
        var log = new FileInfo(sqlite3_db_filename(Connection.Handle, "main").utf8_to_string() + "-wal");
        var (hasLog, isLogEmpty) = (log.Exists, log is { Exists: true, Length: 0 });
        KeepLogOnClose(hasLog);
        Connection.Execute("PRAGMA locking_mode = EXCLUSIVE");

        if (Connection.Scalar("SELECT COUNT(*) FROM sqlite_schema") == 0)
        {
            UseDurableCommits();
            SqliteSchema.Create(Connection);
        }
        else
        {
            SqliteSchema.Verify(Connection, Path);
            var isOpen = Connection.Scalar("SELECT is_open FROM session") != 0;
            // A closed database has no log, except the empty one of a program that was killed while it read.
            if (isLogEmpty && !isOpen)
                KeepLogOnClose(false);
            if (!hasLog && isOpen)
            {
                throw new StoreRefusedException(
                    $"The database '{Path}' was not closed, and its log '{Path}-wal' is missing; put the log back beside it. "
                    + "Without it, numbers that are drawn already would be drawn again.");
            }

            UseDurableCommits();
        }
    }

    private void Mark(bool isOpen)
    {
        Connection.Execute("UPDATE session SET is_open = @open", ("@open", isOpen));
        if (Connection.Scalar("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
        {
            throw new StoreRefusedException(
                $"The log of the database '{Path}' could not be written back because another program is using it; "
                + "stop that program.");
        }
    }

    private void UseDurableCommits()
    {
        var mode = Connection.Text("PRAGMA journal_mode = WAL");
        if (mode != "wal")
        {
            throw new StoreRefusedException(
                $"The database '{Path}' can't keep a write-ahead log (journal_mode is '{mode}'); put it on a local file system.");
        }

        // macOS: fsync leaves the data in the drive's cache, F_FULLFSYNC does not. Elsewhere both have no effect.
        Connection.Execute("PRAGMA fullfsync = ON");
        Connection.Execute("PRAGMA checkpoint_fullfsync = ON");
        Connection.Execute("PRAGMA synchronous = FULL");
        const int full = 2;
        if (Connection.Scalar("PRAGMA synchronous") != full)
        {
            throw new StoreRefusedException(
                $"The database '{Path}' does not accept synchronous = FULL, so no draw would be durable; name another database.");
        }
    }

    private void KeepLogOnClose(bool keep)
    {
        const int noCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
        _ = sqlite3_db_config(Connection.Handle, noCheckpointOnClose, keep ? 1 : 0, out _);
    }

    // SQLitePCLRaw does not expose this function.
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(nint database, string name, int operation, ref int argument);
}
