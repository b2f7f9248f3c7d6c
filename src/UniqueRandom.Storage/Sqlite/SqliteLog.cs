using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Reads the draw log. Guarded by the store's gate.</summary>
internal sealed class SqliteLog(SqliteFile file) : IDisposable
{
    /// <summary>The columns that <see cref="RowOf"/> reads.</summary>
    public const string Columns = "first, count, drawn_at, reference, key, caller";

    private readonly SqliteStatement fromPosition = new(
        file,
        $"""
        SELECT {Columns} FROM draw
        WHERE pool_id = ?1 AND first >= (SELECT first FROM draw WHERE pool_id = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1)
        ORDER BY first LIMIT ?3
        """);

    private readonly SqliteStatement ofKey = new(file, $"SELECT {Columns}, pool_id FROM draw WHERE key = ?1 AND caller = ?2");

    /// <summary>Reads the rows of a pool, from the one that holds a drawn position.</summary>
    public List<DrawLogRow> Read(StoredPool pool, long position, int limit)
    {
        var rows = new List<DrawLogRow>();
        fromPosition.Bind(1, pool.Id).Bind(2, position).Bind(3, limit);
        while (fromPosition.Read())
            rows.Add(RowOf(fromPosition));
        return rows;
    }

    /// <summary>Finds the draw that a caller has made with a key, and the id of its pool.</summary>
    public bool TryFind(string key, string? caller, out long poolId, out DrawLogRow row)
    {
        var isFound = ofKey.Bind(1, key).Bind(2, caller ?? "").Read();
        (poolId, row) = isFound ? (ofKey.Integer(6), RowOf(ofKey)) : default;
        if (isFound)
            ofKey.Reset();
        return isFound;
    }

    /// <summary>
    /// Moves the cursor of a pool other than by a draw, with a row for the positions. The caller has begun a transaction.
    /// </summary>
    public static void MoveCursor(
        SqliteFile file, StoredPool pool, long target, DateTimeOffset now, string reference, string? caller)
    {
        file.Connection.Execute(
            """
            INSERT INTO draw (pool_id, first, count, drawn_at, reference, key, caller)
            VALUES (@id, @first, @count, @now, @reference, NULL, @caller)
            """,
            ("@id", pool.Id),
            ("@first", pool.Cursor),
            ("@count", target - pool.Cursor),
            ("@now", now.ToUnixTimeMilliseconds()),
            ("@reference", reference),
            ("@caller", caller ?? ""));
        file.Connection.Execute(
            "UPDATE pool SET cursor = @target WHERE id = @id", ("@target", target), ("@id", pool.Id));
    }

    public static DrawLogRow RowOf(SqliteStatement row) => new(
        row.Integer(0),
        row.Integer(1),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(2)),
        row.Text(3),
        row.Text(4),
        row.Text(5) is { Length: > 0 } caller ? caller : null);

    public void Dispose()
    {
        fromPosition.Dispose();
        ofKey.Dispose();
    }
}
