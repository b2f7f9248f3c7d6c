using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace UniqueRandom.Benchmarks.Disk;

/// <summary>A SQLite file as durable as the server's, and opened the same way: one connection, exclusive, WAL, synced at each commit.</summary>
internal sealed class DurableDatabase : IDisposable
{
    private readonly SqliteConnection connection;

    private DurableDatabase(string path)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute("PRAGMA locking_mode = EXCLUSIVE");
    }

    public static DurableDatabase Open(string path)
    {
        var database = new DurableDatabase(path);
        database.Execute("PRAGMA journal_mode = WAL");
        database.Execute("PRAGMA synchronous = FULL");
        if (database.Text("PRAGMA journal_mode") != "wal" || database.Text("PRAGMA synchronous") != "2")
            throw new InvalidOperationException($"The database '{path}' does not commit durably, so there is nothing to compare.");
        return database;
    }

    /// <summary>Writes a database as fast as it goes, and leaves nothing of it to be synced later, at the expense of what is measured.</summary>
    public static void Prepare(string path, Action<DurableDatabase> write)
    {
        using (var database = new DurableDatabase(path))
        {
            database.Execute("PRAGMA journal_mode = OFF");
            database.Execute("PRAGMA synchronous = OFF");
            database.Execute("BEGIN");
            write(database);
            database.Execute("COMMIT");
        }

        using var file = File.OpenWrite(path);
        file.Flush(flushToDisk: true);
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

    public PreparedStatement Compile(string sql)
    {
        var code = sqlite3_prepare_v2(connection.Handle, sql, out var statement);
        return code == SQLITE_OK
            ? new PreparedStatement(connection.Handle!, statement)
            : throw new InvalidOperationException(sqlite3_errmsg(connection.Handle).utf8_to_string());
    }

    public void Dispose() => connection.Dispose();
}
