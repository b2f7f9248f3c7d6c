using Microsoft.Data.Sqlite;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Reads the pools of a file, and verifies the data that draws and replays rely on, up to a budget. Changes nothing.
/// </summary>
internal static class SqliteInspection
{
    /// <returns>The pools, of which those with an incomplete import are abandoned, and what is left to verify of them.</returns>
    /// <exception cref="StoreRefusedException">A pool can't be served.</exception>
    public static (List<StoredPool> Pools, List<UnverifiedPool> Unverified) Read(
        SqliteFile file, ChunkReader chunks, PoolDefinition? expected)
    {
        var pools = List(file);
        // Otherwise the start would create the pool anew, without the numbers that are in use.
        if (pools.Find(pool => pool.IsIncomplete && pool.Definition.Name == expected?.Name) is { } interrupted)
            throw Damage.OfIncompleteImport($"The database '{file.Path}'", interrupted.Definition.Name);
        var unverified = new List<UnverifiedPool>();
        var budget = new StartBudget();
        var verification = new SqliteVerification(slice => slice(file, chunks), CancellationToken.None);
        foreach (var pool in pools)
        {
            CountChunks(file, pool);
            pool.IsAbandoned = pool.IsIncomplete;
            if (pool.State == PoolState.Seeding)
                continue;

            if (pool.Definition.Name == expected?.Name && pool.Segments[0].Part.Range != expected.Range)
                throw Damage.OfRange($"The database '{file.Path}'", pool.Segments[0].Part, expected);

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

    /// <summary>Finds out how many chunks of each segment are stored.</summary>
    private static void CountChunks(SqliteFile file, StoredPool pool)
    {
        var count = checked((int)file.Connection.Scalar(
            "SELECT COUNT(*) FROM chunk WHERE pool_id = @pool", ("@pool", pool.Id)));
        foreach (var segment in pool.Segments)
            segment.ChunksStored = Math.Clamp(count - segment.FirstChunk, 0, segment.ChunkCount);
        if (pool.Pending is not null)
            pool.Pending.ChunksStored = Math.Clamp(count - pool.Pending.FirstChunk, 0, pool.Pending.ChunkCount);
    }

    /// <summary>Verifies that the log ends at the cursor, and then as much as the budget allows.</summary>
    private static UnverifiedPool Verify(
        SqliteVerification verification, SqliteFile file, StoredPool pool, StartBudget budget)
    {
        var log = new LogVerification(pool.Definition.Name, pool.Cursor);
        verification.VerifyLog(pool, log, budget.TakeRows((int)Math.Min(pool.Cursor, int.MaxValue)));
        log.VerifyEnd(SqliteVerification.EndOfLog(file, pool));
        var count = budget.TakeChunks(pool.ChunkCount);
        verification.VerifyFirstChunks(pool, count);
        return new UnverifiedPool(pool, log, count);
    }

    /// <summary>Reads the pools, in the order of their ids.</summary>
    /// <exception cref="StoreRefusedException">A row is damaged.</exception>
    public static List<StoredPool> List(SqliteFile file) => [.. ListRows(file).Select(ToPool)];

    /// <summary>Reads the rows of the pools, in the order of their ids.</summary>
    /// <exception cref="StoreRefusedException">A row is damaged.</exception>
    public static List<(PoolRow Row, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt)> ListRows(SqliteFile file)
    {
        var pools = new List<(PoolRow, DateTimeOffset, DateTimeOffset?)>();
        var closedAt = SqliteSchema.HasKeys(file.Connection) ? "closed_at" : "NULL";
        var imported = SqliteSchema.HasImports(file.Connection) ? "imported, imported_sha256" : "NULL, NULL";
        var isComputed = SqliteSchema.HasOrders(file.Connection) ? "is_computed" : "0";
        var code = SqliteSchema.HasCodes(file.Connection) ? "code" : "NULL";
        var extensions = SqliteSegments.List(file);
        using (var command = file.Connection.Command(
            $"""
            SELECT id, name, minimum, maximum, state, created_at, cursor, seed, commitment, {closedAt}, {isComputed}, {code},
                {imported}
            FROM pool ORDER BY id
            """))
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
            {
                var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5));
                pools.Add((RowOf(row, extensions), createdAt, TimeOf(row)));
            }
        }

        return pools;
    }

    private static DateTimeOffset? TimeOf(SqliteDataReader row) =>
        row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9));

    private static PoolRow RowOf(SqliteDataReader row, ILookup<long, SegmentRow> extensions)
    {
        var stored = new PoolRow(
            row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(10) != 0,
            row.IsDBNull(11) ? null : row.GetString(11), row.GetInt32(4), row.GetInt64(6), (byte[])row[7], (byte[])row[8])
        {
            Extensions = [.. extensions[row.GetInt64(0)]],
            ImportedCount = row.IsDBNull(12) ? null : row.GetInt64(12),
            ImportedSha256 = row.IsDBNull(13) ? null : row.GetString(13),
        };
        return stored.Validate() is { } error ? throw Damage.OfPool(stored.Name, error) : stored;
    }

    private static StoredPool ToPool((PoolRow Row, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt) stored)
    {
        var row = stored.Row;
        var first = new StoredSegment(row.Id, row.Created, first: 0, firstChunk: 0, row.Seed, row.Commitment, stored.CreatedAt)
        {
            Imported = row.Imported,
        };
        var pool = new StoredPool(first)
        {
            State = row.State,
            ClosedAt = stored.ClosedAt,
        };
        foreach (var extension in row.Extensions)
        {
            var part = row.Created with { Range = extension.Range, Order = extension.Order };
            var segment = pool.Next(part, extension.Seed, extension.Commitment, extension.CreatedAt);
            if (extension.IsReady)
                pool.Add(segment);
            else
                pool.Pending = segment;
        }

        pool.Advance(row.Cursor, lastRow: null);
        return pool;
    }
}
