using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Verifies all data that draws and replays rely on. Changes nothing.</summary>
internal static class PostgresInspection
{
    // One statement, so that cursors and logs are consistent while other nodes draw.
    private const string Log = """
        SELECT p.name, p.cursor, coalesce(sum(d.count), 0)::bigint, min(d.expected) FILTER (WHERE d.first <> d.expected)
        FROM uniquerandom.pool p
        LEFT JOIN LATERAL (
            SELECT e.first, e.count, coalesce(lag(e.first + e.count) OVER (ORDER BY e.first), 0) AS expected
            FROM uniquerandom.draw e WHERE e.pool_id = p.id
        ) d ON true
        GROUP BY p.id
        """;

    /// <summary>Verifies that the pools can be served.</summary>
    /// <exception cref="StoreRefusedException">A pool can't be served.</exception>
    public static async Task VerifyAsync(
        PostgresHosts hosts, PostgresChunks chunks, string place, PoolDefinition? expected, CancellationToken cancellationToken)
    {
        var pools = await hosts.ReadAsync(
            connection => PostgresPools.ListAsync(connection, after: null, int.MaxValue, cancellationToken), cancellationToken);
        foreach (var (_, pool) in pools)
        {
            if (pool.State != PoolState.Seeding && pool.Definition.Name == expected?.Name && pool.Definition != expected)
            {
                throw new StoreRefusedException(
                    $"{place} holds the pool '{expected.Name}' with the range {pool.Definition.Range}, "
                    + $"and {expected.Range} is configured; configure the stored range, or name another database.");
            }
        }

        await hosts.ReadAsync(connection => VerifyLogAsync(connection, cancellationToken), cancellationToken);
        foreach (var (stored, pool) in pools)
        {
            if (pool.State != PoolState.Seeding)
            {
                var end = Chunk.CountOf(pool.Definition.Range.Size);
                await chunks.ReadAsync(stored, 0, end, static (_, _) => { }, cancellationToken);
            }
        }
    }

    /// <summary>Verifies that the rows of the draw log exactly cover the positions before the cursor.</summary>
    private static async Task<bool> VerifyLogAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(Log);
        // A long log takes minutes to read.
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (!row.IsDBNull(3))
                throw Damage.OfPool(row.GetString(0), $"its draw log has a gap or an overlap at position {row.GetInt64(3)}.");
            if (row.GetInt64(2) != row.GetInt64(1))
            {
                throw Damage.OfPool(
                    row.GetString(0),
                    $"its cursor says that {row.GetInt64(1)} numbers are drawn, and its draw log says {row.GetInt64(2)}.");
            }
        }

        return true;
    }
}
