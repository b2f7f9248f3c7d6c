using Microsoft.Data.Sqlite;
using UniqueRandom.Stores;
using static SQLitePCL.raw;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Converts SQLite's errors to errors of the store.</summary>
internal static class SqliteErrors
{
    /// <summary>
    /// Classifies an error of an open database. When the disk is full, SQLite rolls the transaction back, and the store stays
    /// usable. After any other error (a failed write or sync, a damaged page) the content of the disk is unknown.
    /// </summary>
    public static StoreException Classify(string path, int code, string message) => (code & 0xFF) == SQLITE_FULL
        ? new StoreException(
            StoreFault.Unavailable, $"The disk of the database '{path}' is full; draws go on when there is room again.")
        : new StoreException(
            StoreFault.Fatal,
            $"The database '{path}' failed ({message}, SQLite error {code}); check the disk, then start again.");

    public static StoreException Classify(string path, SqliteException error) =>
        Classify(path, error.SqliteExtendedErrorCode, error.Message);

    /// <summary>Converts an error to the refusal of a database. Returns any other error as it is.</summary>
    public static Exception ToRefusal(string path, Exception error) => error switch
    {
        SqliteException sqlite => new StoreRefusedException(DescribeOpenFailure(path, sqlite), sqlite),
        StoreException store => new StoreRefusedException(store.Message, store),
        _ => error,
    };

    /// <summary>Describes why a database can't be opened, in one sentence for the operator.</summary>
    public static string DescribeOpenFailure(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        SQLITE_NOTADB => $"The file '{path}' is not a SQLite database; name another database.",
        SQLITE_BUSY => $"The database '{path}' is in use by another process; stop that one, or name another database.",
        SQLITE_CANTOPEN or SQLITE_READONLY or SQLITE_PERM =>
            $"The database '{path}' can't be opened for writing; check its permissions, or name another database.",
        SQLITE_FULL => $"The disk of the database '{path}' is full; make room and start again.",
        SQLITE_CORRUPT =>
            $"The database '{path}' is damaged ({error.Message}); restore {Damage.Backup}",
        _ => $"The database '{path}' can't be opened ({error.Message}); check the disk and the path.",
    };
}
