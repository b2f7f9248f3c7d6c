using Microsoft.Data.Sqlite;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Reads the pools of a file, and verifies all data that draws and replays rely on. Changes nothing.</summary>
internal static class SqliteInspection
{
    /// <exception cref="StoreRefusedException">A pool can't be served.</exception>
    public static List<StoredPool> Read(SqliteFile file, ChunkReader chunks, PoolDefinition? expected)
    {
        var pools = List(file);
        foreach (var pool in pools)
        {
            var count = file.Connection.Scalar("SELECT COUNT(*) FROM chunk WHERE pool_id = @pool", ("@pool", pool.Id));
            pool.ChunksStored = checked((int)count);
            if (pool.State == PoolState.Seeding)
                continue;

            if (pool.Definition.Name == expected?.Name && pool.Definition.Range != expected.Range)
            {
                throw new StoreRefusedException(
                    $"The database '{file.Path}' holds the pool '{expected.Name}' with the range {pool.Definition.Range}, "
                    + $"and {expected.Range} is configured; configure the stored range, or name another database.");
            }

            VerifyLog(file, pool);
            VerifyChunks(pool, chunks);
        }

        return pools;
    }

    /// <summary>Reads the rows of the pools, in the order of their ids.</summary>
    /// <exception cref="StoreRefusedException">A row is damaged.</exception>
    public static List<StoredPool> List(SqliteFile file)
    {
        var pools = new List<StoredPool>();
        var closedAt = SqliteSchema.HasKeys(file.Connection) ? "closed_at" : "NULL";
        using (var command = file.Connection.Command(
            $"SELECT id, name, minimum, maximum, state, created_at, cursor, seed, commitment, {closedAt} FROM pool ORDER BY id"))
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
                pools.Add(ReadPool(row));
        }

        return pools;
    }

    private static StoredPool ReadPool(SqliteDataReader row)
    {
        var stored = new PoolRow(
            row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetInt64(6),
            (byte[])row[7], (byte[])row[8]);
        if (stored.Validate() is { } error)
            throw Damage.OfPool(stored.Name, error);

        var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5));
        var pool = new StoredPool(stored.Id, stored.Definition, stored.Seed, stored.Commitment, createdAt)
        {
            State = stored.State,
            ClosedAt = row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        };
        pool.Advance(stored.Cursor, lastRow: null);
        return pool;
    }

    /// <summary>Verifies that the rows of the log exactly cover the positions before the cursor.</summary>
    private static void VerifyLog(SqliteFile file, StoredPool pool)
    {
        using var select = new SqliteStatement(file, "SELECT first, count FROM draw WHERE pool_id = ?1 ORDER BY first");
        select.Bind(1, pool.Id);
        long end = 0;
        while (select.Read())
        {
            if (select.Integer(0) != end || select.Integer(1) < 1)
                throw Damage.OfPool(pool.Definition.Name, $"its draw log has a gap or an overlap at position {end}.");
            end += select.Integer(1);
        }

        if (end != pool.Cursor)
        {
            throw Damage.OfPool(
                pool.Definition.Name, $"its cursor says that {pool.Cursor} numbers are drawn, and its draw log says {end}.");
        }
    }

    private static void VerifyChunks(StoredPool pool, ChunkReader chunks)
    {
        for (var number = 0; number < Chunk.CountOf(pool.Definition.Range.Size); number++)
            chunks.Verify(pool, number);
    }
}
