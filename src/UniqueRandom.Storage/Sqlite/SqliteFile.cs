using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using UniqueRandom.Stores;
using static SQLitePCL.raw;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// The database file, opened the one way that is safe here: by one process, through one connection, with every commit synced.
/// </summary>
/// <remarks>
/// No File API may touch the database or its -wal file while it is open: POSIX drops a process's locks on a file as soon as it closes
/// any descriptor of it.
/// </remarks>
internal sealed partial class SqliteFile : IDisposable
{
    private readonly FileLock fileLock;
    private bool isClaimed;

    private SqliteFile(string path, SqliteConnection connection, FileLock fileLock)
    {
        Path = path;
        Connection = connection;
        this.fileLock = fileLock;
    }

    public string Path { get; }

    public SqliteConnection Connection { get; }

    /// <summary>Opens the file, or creates it, and leaves it as it was if it is not a database of this version.</summary>
    /// <exception cref="StoreRefusedException">It can't be opened, is in use, or is something else.</exception>
    public static SqliteFile Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        var fileLock = FileLock.Take(path);
        var isNew = !File.Exists(path);
        // SQLite takes a file of one byte for an empty one, and would write over it.
        if (!isNew && new FileInfo(path).Length == 1)
        {
            fileLock.Dispose();
            throw new StoreRefusedException($"The file '{path}' is not a SQLite database; name another database.");
        }

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
            throw new StoreRefusedException(SqliteErrors.ExplainOpening(path, error), error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Marks the database itself as open, and writes the log into it. From here to a clean close the database is worth nothing without
    /// its log: a copy of it, another link to it, or one whose log was removed would hand out again what the log says is drawn.
    /// </summary>
    /// <remarks>
    /// After a failed sync and a restart, the log can hold pages that only the page cache has: the checkpoint writes and syncs them again
    /// before anything is answered from them.
    /// </remarks>
    /// <exception cref="StoreRefusedException">The log could not be written back.</exception>
    public void Claim()
    {
        // First: if the mark is written and the checkpoint then fails, the log that the mark asks for must stay.
        KeepLogOnClose(true);
        Mark(isOpen: true);
        isClaimed = true;
    }

    /// <summary>Leaves database and log as they are when the file is closed: nobody knows what is on disk.</summary>
    public void Abandon() => isClaimed = false;

    /// <summary>Before each commit: if the path leads to another file by now, what is committed here would be lost, and drawn again over there.</summary>
    /// <exception cref="StoreException">It does.</exception>
    public void ThrowIfMoved()
    {
        const int hasMoved = 20; // SQLITE_FCNTL_HAS_MOVED
        var moved = 0;
        var code = FileControl(Connection.Handle!.DangerousGetHandle(), "main", hasMoved, ref moved);
        if (code != SQLITE_OK || moved != 0)
            throw new StoreException(StoreFault.Fatal, $"The database '{Path}' was moved or removed while it was open; put it back and start again.");
    }

    /// <summary>Commits and syncs a change that means nothing: open is 1 as well as 2. (What does not change at all, SQLite does not write.)</summary>
    public void Touch()
    {
        ThrowIfMoved();
        Connection.Execute("UPDATE session SET is_open = 3 - is_open");
    }

    /// <summary>Writes back what the log holds by now.</summary>
    public void WriteBackLog() => Connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");

    /// <summary>Closes the database and lets other processes in. A claimed one is marked as closed, and its log written back and removed.</summary>
    public void Dispose()
    {
        if (isClaimed)
            Release();
        Connection.Dispose();
        fileLock.Dispose();
    }

    private void Open()
    {
        Connection.Open();
        // Until it is claimed, whatever is refused is closed as it was found: with its log, or without one.
        var hasLog = File.Exists(sqlite3_db_filename(Connection.Handle, "main").utf8_to_string() + "-wal");
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
            if (!hasLog && Connection.Scalar("SELECT is_open FROM session") != 0)
            {
                throw new StoreRefusedException(
                    $"The database '{Path}' was not closed, and its log '{Path}-wal' is missing; put the log back beside it. "
                    + "Without it, numbers that are drawn already would be drawn again.");
            }

            UseDurableCommits();
        }
    }

    private void Release()
    {
        try
        {
            Mark(isOpen: false);
            KeepLogOnClose(false);
        }
        catch (Exception error) when (error is SqliteException or StoreRefusedException)
        {
            // The next start finds the database open and the log beside it, as after a crash.
            KeepLogOnClose(true);
        }
    }

    private void Mark(bool isOpen)
    {
        Connection.Execute("UPDATE session SET is_open = @open", ("@open", isOpen));
        if (Connection.Scalar("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            throw new StoreRefusedException($"The log of the database '{Path}' could not be written back because another program is using it; stop that program.");
    }

    private void UseDurableCommits()
    {
        var mode = Connection.Text("PRAGMA journal_mode = WAL");
        if (mode != "wal")
            throw new StoreRefusedException($"The database '{Path}' can't keep a write-ahead log (journal_mode is '{mode}'); put it on a local file system.");

        Connection.Execute("PRAGMA synchronous = FULL");
        const int full = 2;
        if (Connection.Scalar("PRAGMA synchronous") != full)
            throw new StoreRefusedException($"The database '{Path}' does not accept synchronous = FULL, so no draw would be durable.");
    }

    private void KeepLogOnClose(bool keep)
    {
        const int noCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
        _ = sqlite3_db_config(Connection.Handle, noCheckpointOnClose, keep ? 1 : 0, out _);
    }

    // Not among the functions that SQLitePCLRaw passes on.
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileControl(nint database, string name, int operation, ref int argument);
}
