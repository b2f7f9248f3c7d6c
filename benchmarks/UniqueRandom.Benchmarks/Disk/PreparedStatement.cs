using SQLitePCL;
using static SQLitePCL.raw;

namespace UniqueRandom.Benchmarks.Disk;

/// <summary>A prepared statement on SQLite's C interface. The server has the same, so neither pays for a driver.</summary>
internal sealed class PreparedStatement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    /// <summary>Runs the statement with one parameter, and returns the number of changed rows.</summary>
    public int Run(long parameter)
    {
        _ = sqlite3_bind_int64(statement, 1, parameter);
        var code = sqlite3_step(statement);
        _ = sqlite3_reset(statement);
        return code == SQLITE_DONE
            ? sqlite3_changes(database)
            : throw new InvalidOperationException(sqlite3_errmsg(database).utf8_to_string());
    }

    public void Dispose() => statement.Dispose();
}
