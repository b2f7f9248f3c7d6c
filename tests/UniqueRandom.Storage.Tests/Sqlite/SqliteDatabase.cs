using Microsoft.Data.Sqlite;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Reads and changes a database that no store has open.</summary>
internal static class SqliteDatabase
{
    /// <summary>
    /// Makes certain changes fail with SQLite's error for a full disk: a table already contains the largest row ID. They succeed
    /// again when a pool named <c>room</c> exists.
    /// </summary>
    /// <param name="path">The path of the database.</param>
    /// <param name="change">The changes that fail, in the syntax of a trigger.</param>
    public static void FillDisk(string path, string change) => Execute(
        path,
        $"""
        CREATE TABLE IF NOT EXISTS full_disk (id INTEGER PRIMARY KEY AUTOINCREMENT);
        INSERT OR IGNORE INTO full_disk VALUES ({long.MaxValue});
        CREATE TRIGGER full_disk_{Guid.NewGuid():N} BEFORE {change} AND NOT EXISTS (SELECT * FROM pool WHERE name = 'room')
        BEGIN INSERT INTO full_disk VALUES (NULL); END
        """);

    /// <summary>Makes certain changes fail with an error after which the state on disk is unknown.</summary>
    public static void Break(string path, string change) =>
        Execute(path, $"CREATE TRIGGER broken_{Guid.NewGuid():N} BEFORE {change} BEGIN SELECT RAISE(ABORT, 'broken'); END");

    public static void Execute(string path, string sql)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public static object? Scalar(string path, string sql)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>Returns SQLite's query plan.</summary>
    public static string Plan(string path, string query)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        using var command = new SqliteCommand($"EXPLAIN QUERY PLAN {query}", connection);
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        return row.GetString(row.GetOrdinal("detail"));
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
