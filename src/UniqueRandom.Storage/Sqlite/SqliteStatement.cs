using SQLitePCL;
using static SQLitePCL.raw;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// A prepared statement on SQLite's C interface, for the commit path: Microsoft.Data.Sqlite allocates a reader per execution.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly string path;
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteFile file, string sql)
    {
        path = file.Path;
        database = file.Connection.Handle!;
        Check(sqlite3_prepare_v2(database, sql, out statement), SQLITE_OK);
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(sqlite3_bind_int64(statement, parameter, value), SQLITE_OK);
        return this;
    }

    public SqliteStatement Bind(int parameter, long? value) =>
        value is { } integer ? Bind(parameter, integer) : Bind(parameter, (string?)null);

    public SqliteStatement Bind(int parameter, string? value)
    {
        var code = value is null ? sqlite3_bind_null(statement, parameter) : sqlite3_bind_text(statement, parameter, value);
        Check(code, SQLITE_OK);
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(sqlite3_bind_blob(statement, parameter, value), SQLITE_OK);
        return this;
    }

    /// <summary>Executes the statement.</summary>
    /// <returns>The number of changed rows.</returns>
    public int Run()
    {
        var code = sqlite3_step(statement);
        // A reset returns the error of the step again.
        _ = sqlite3_reset(statement);
        Check(code, SQLITE_DONE);
        return sqlite3_changes(database);
    }

    /// <summary>Reads the next row. After the last one the statement is reset.</summary>
    public bool Read()
    {
        var code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
            return true;
        _ = sqlite3_reset(statement);
        Check(code, SQLITE_DONE);
        return false;
    }

    /// <summary>Discards the rows that were not read.</summary>
    public void Reset() => _ = sqlite3_reset(statement);

    public long Integer(int column) => sqlite3_column_int64(statement, column);

    public string? Text(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL
        ? null
        : sqlite3_column_text(statement, column).utf8_to_string();

    public ReadOnlySpan<byte> Bytes(int column) => sqlite3_column_blob(statement, column);

    public void Dispose() => statement.Dispose();

    private void Check(int code, int expected)
    {
        if (code != expected)
            throw SqliteErrors.Classify(path, sqlite3_extended_errcode(database), sqlite3_errmsg(database).utf8_to_string());
    }
}
