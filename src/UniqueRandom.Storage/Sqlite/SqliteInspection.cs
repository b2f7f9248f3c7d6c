using Microsoft.Data.Sqlite;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Reads the pools of a file, and verifies the data that draws and replays rely on, up to a budget. Changes nothing.
/// </summary>
internal static class SqliteInspection
{
    /// <returns>The pools, and what is left to verify of them.</returns>
    /// <exception cref="StoreRefusedException">A pool can't be served.</exception>
    public static (List<StoredPool> Pools, List<UnverifiedPool> Unverified) Read(
        SqliteFile file, ChunkReader chunks, PoolDefinition? expected)
    {
        var pools = List(file);
        var unverified = new List<UnverifiedPool>();
        var budget = new StartBudget();
        var verification = new SqliteVerification(slice => slice(file, chunks), CancellationToken.None);
        foreach (var pool in pools)
        {
            var count = file.Connection.Scalar("SELECT COUNT(*) FROM chunk WHERE pool_id = @pool", ("@pool", pool.Id));
            pool.ChunksStored = checked((int)count);
            if (pool.State == PoolState.Seeding)
                continue;

            if (pool.Definition.Name == expected?.Name && pool.Definition != expected)
                throw Damage.OfDefinition($"The database '{file.Path}'", pool.Definition, expected);

            var left = Verify(verification, file, pool, budget);
            if (!left.IsDone)
                unverified.Add(left);
        }

        return (pools, unverified);
    }

    /// <summary>Reads the pools, and verifies all checksums and logs.</summary>
    /// <exception cref="StoreException">A chunk is damaged.</exception>
    /// <exception cref="StoreRefusedException">A pool can't be served.</exception>
    public static List<StoredPool> ReadAll(SqliteFile file, ChunkReader chunks, CancellationToken cancellationToken)
    {
        var (pools, unverified) = Read(file, chunks, expected: null);
        new SqliteVerification(slice => slice(file, chunks), cancellationToken).Verify(unverified);
        return pools;
    }

    /// <summary>Verifies that the log ends at the cursor, and then as much as the budget allows.</summary>
    private static UnverifiedPool Verify(
        SqliteVerification verification, SqliteFile file, StoredPool pool, StartBudget budget)
    {
        var log = new LogVerification(pool.Definition.Name, pool.Cursor);
        verification.VerifyLog(pool, log, budget.TakeRows((int)Math.Min(pool.Cursor, int.MaxValue)));
        log.VerifyEnd(SqliteVerification.EndOfLog(file, pool));
        var count = budget.TakeChunks(Chunk.CountOf(pool.Definition.StoredSize));
        verification.VerifyChunks(pool, 0, count);
        return new UnverifiedPool(pool, log, count);
    }

    /// <summary>Reads the rows of the pools, in the order of their ids.</summary>
    /// <exception cref="StoreRefusedException">A row is damaged.</exception>
    public static List<StoredPool> List(SqliteFile file)
    {
        var pools = new List<StoredPool>();
        var closedAt = SqliteSchema.HasKeys(file.Connection) ? "closed_at" : "NULL";
        var isComputed = SqliteSchema.HasOrders(file.Connection) ? "is_computed" : "0";
        var code = SqliteSchema.HasCodes(file.Connection) ? "code" : "NULL";
        using (var command = file.Connection.Command(
            $"""
            SELECT id, name, minimum, maximum, state, created_at, cursor, seed, commitment, {closedAt}, {isComputed}, {code}
            FROM pool ORDER BY id
            """))
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
            row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(10) != 0,
            row.IsDBNull(11) ? null : row.GetString(11), row.GetInt32(4), row.GetInt64(6), (byte[])row[7], (byte[])row[8]);
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
}
