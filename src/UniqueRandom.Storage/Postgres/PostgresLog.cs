using Npgsql;
using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Reads rows of the draw log.</summary>
internal static class PostgresLog
{
    /// <summary>The columns that <see cref="RowOf"/> reads, of a table with the alias <c>d</c>.</summary>
    public const string Columns = "d.first, d.count, d.drawn_at, d.reference, d.key, d.caller";

    private const string FromPosition = $"""
        SELECT {Columns} FROM uniquerandom.draw d JOIN uniquerandom.pool p ON p.id = d.pool_id
        WHERE p.name = $1 AND p.state <> 0
          AND d.first >= (
              SELECT e.first FROM uniquerandom.draw e WHERE e.pool_id = p.id AND e.first <= $2 ORDER BY e.first DESC LIMIT 1)
        ORDER BY d.first LIMIT $3
        """;

    /// <summary>
    /// Reads rows of a pool, starting with the one that contains a position; none if the position is not drawn.
    /// </summary>
    public static async Task<IReadOnlyList<DrawLogRow>> ReadAsync(
        NpgsqlConnection connection, string pool, long position, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<DrawLogRow>();
        await using var command = connection.Command(FromPosition, pool, position, limit);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            rows.Add(RowOf(row, 0));
        return rows is [var holds, ..] && holds.End <= position ? [] : rows;
    }

    public static DrawLogRow RowOf(NpgsqlDataReader row, int at) => new(
        row.GetInt64(at),
        row.GetInt64(at + 1),
        row.GetFieldValue<DateTimeOffset>(at + 2),
        row.IsDBNull(at + 3) ? null : row.GetString(at + 3),
        row.IsDBNull(at + 4) ? null : row.GetString(at + 4),
        row.GetString(at + 5) is { Length: > 0 } caller ? caller : null);
}
