using Microsoft.Data.Sqlite;
using UniqueRandom.Stores;
using static SQLitePCL.raw;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>What SQLite's result codes mean for a draw and for the operator.</summary>
internal static class SqliteErrors
{
    /// <summary>
    /// A full disk leaves the transaction rolled back and can be waited out. After anything else (a failed write or sync, a damaged
    /// page, an impossible state) nobody knows what is on disk.
    /// </summary>
    public static StoreException Classify(string path, int code, string message) => (code & 0xFF) == SQLITE_FULL
        ? new StoreException(StoreFault.Unavailable, $"The disk of the database '{path}' is full; draws go on when there is room again.")
        : new StoreException(StoreFault.Fatal, $"The database '{path}' failed ({message}, SQLite error {code}); check the disk, then start again.");

    public static StoreException Classify(string path, SqliteException error) => Classify(path, error.SqliteExtendedErrorCode, error.Message);

    public static string DescribeOpenFailure(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        SQLITE_NOTADB => $"The file '{path}' is not a SQLite database; name another database.",
        SQLITE_BUSY => $"The database '{path}' is in use by another process; stop that one, or name another database.",
        SQLITE_CANTOPEN or SQLITE_READONLY or SQLITE_PERM => $"The database '{path}' can't be opened for writing; check its permissions, or name another database.",
        SQLITE_FULL => $"The disk of the database '{path}' is full; make room and start again.",
        SQLITE_CORRUPT => $"The database '{path}' is damaged ({error.Message}); restore it from a backup that is newer than its last draw.",
        _ => $"The database '{path}' can't be opened ({error.Message}); check the disk and the path.",
    };
}
