using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace UniqueRandom.Benchmarks.Disk;

/// <summary>A SQLite file with the durability of the server: one exclusive connection, WAL, a sync at each commit.</summary>
internal sealed class DurableDatabase : IDisposable
{
    private readonly SqliteConnection connection;

    public DurableDatabase(string path)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        if (Text("PRAGMA journal_mode") != "wal" || Text("PRAGMA synchronous") != "2")
            throw new InvalidOperationException($"The database '{path}' does not commit durably, so it can't be compared.");
    }

    public void Execute(string sql) => _ = Text(sql);

    public string? Text(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this project.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }

    public PreparedStatement Prepare(string sql)
    {
        var code = sqlite3_prepare_v2(connection.Handle, sql, out var statement);
        return code == SQLITE_OK
            ? new PreparedStatement(connection.Handle!, statement)
            : throw new InvalidOperationException(sqlite3_errmsg(connection.Handle).utf8_to_string());
    }

    public void Dispose() => connection.Dispose();
}
