using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>The content of a stopped server's database, read without the code under test.</summary>
internal sealed class StoredDraws
{
    private readonly Dictionary<long, int> positions = [];

    private StoredDraws(string path)
    {
        using var connection = Open(path);
        var minimum = Integer(connection, "SELECT minimum FROM pool");
        Cursor = (int)Integer(connection, "SELECT cursor FROM pool");
        LogEnd = ReadLog(connection);

        using var chunks = new SqliteCommand("SELECT offsets FROM chunk ORDER BY number", connection);
        using var row = chunks.ExecuteReader();
        while (row.Read())
        {
            var offsets = (byte[])row[0];
            for (var at = 0; at < offsets.Length; at += sizeof(uint))
                positions.Add(minimum + BinaryPrimitives.ReadUInt32LittleEndian(offsets.AsSpan(at)), positions.Count);
        }
    }

    /// <summary>The count of drawn positions.</summary>
    public int Cursor { get; }

    /// <summary>The count of positions that the draw log covers from 0 without gap or overlap.</summary>
    public int LogEnd { get; }

    public static StoredDraws Read(string path) => new(path);

    public static long Integer(string path, string sql)
    {
        using var connection = Open(path);
        return Integer(connection, sql);
    }

    public static void Execute(string path, string sql)
    {
        using var connection = Open(path);
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public int PositionOf(long number) => positions[number];

    /// <summary>
    /// Verifies that the numbers that clients received are distinct and recorded before the cursor.
    /// </summary>
    /// <returns>The count of burned positions: drawn, but received by no client.</returns>
    public int VerifyReceived(IReadOnlyCollection<long> numbers)
    {
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.Equal(Cursor, LogEnd);
        Assert.DoesNotContain(numbers, number => PositionOf(number) >= Cursor);
        return Cursor - numbers.Count;
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static long Integer(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }

    private static int ReadLog(SqliteConnection connection)
    {
        using var log = new SqliteCommand("SELECT first, count FROM draw ORDER BY first", connection);
        using var row = log.ExecuteReader();
        var end = 0;
        while (row.Read())
        {
            Assert.Equal(end, row.GetInt32(0));
            end += row.GetInt32(1);
        }

        return end;
    }
}
