using Microsoft.Data.Sqlite;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Writes and reads the segments that extend pools. The caller holds the gate.</summary>
internal static class SqliteSegments
{
    private const int ChunksRemovedAtOnce = 64;

    /// <summary>
    /// Records a segment: as a part of the pool if nothing of it has to be stored, otherwise as its pending one.
    /// </summary>
    public static void Record(
        SqliteFile file, StoredPool pool, PoolDefinition part, Seed seed, ExtensionRequest request, DateTimeOffset now)
    {
        var segment = pool.Next(part, seed, Commitment.To(seed, part.Range, part.Order), now);
        var isReady = part.StoredSize == 0;
        using (var transaction = file.Connection.BeginTransaction())
        {
            file.Connection.Execute(
                """
                INSERT INTO segment
                    (pool_id, minimum, maximum, is_computed, seed, commitment, created_at, is_ready, key, caller)
                VALUES (@pool, @minimum, @maximum, @is_computed, @seed, @commitment, @created_at, 0, @key, @caller)
                """,
                ("@pool", pool.Id),
                ("@minimum", part.Range.Minimum),
                ("@maximum", part.Range.Maximum),
                ("@is_computed", part.Order == PoolOrder.Computed),
                ("@seed", seed.Bytes.ToArray()),
                ("@commitment", segment.Commitment.Bytes.ToArray()),
                ("@created_at", now.ToUnixTimeMilliseconds()),
                ("@key", request.Key ?? (object)DBNull.Value),
                ("@caller", request.Caller));
            if (isReady)
                Grow(file, segment);
            transaction.Commit();
        }

        if (isReady)
            pool.Add(segment);
        else
            pool.Pending = segment;
    }

    /// <summary>Makes the pending segment, which is stored whole, a part of its pool.</summary>
    public static void Complete(SqliteFile file, StoredPool pool)
    {
        var segment = pool.Pending!;
        using (var transaction = file.Connection.BeginTransaction())
        {
            Grow(file, segment);
            transaction.Commit();
        }

        pool.Add(segment);
    }

    /// <summary>Removes some chunks of the pending segment, the last ones first, and then the segment.</summary>
    /// <returns>Whether it is removed.</returns>
    public static bool Remove(SqliteFile file, StoredPool pool)
    {
        var segment = pool.Pending!;
        if (!RemoveChunks(file, segment))
            return false;
        file.Connection.Execute(
            "DELETE FROM segment WHERE pool_id = @pool AND minimum = @minimum",
            ("@pool", pool.Id),
            ("@minimum", segment.Part.Range.Minimum));
        pool.Pending = null;
        return true;
    }

    /// <summary>Removes some chunks of a segment, the last ones first, so that its seeding can continue.</summary>
    /// <returns>Whether none is left.</returns>
    public static bool RemoveChunks(SqliteFile file, StoredSegment segment)
    {
        var left = Math.Max(0, segment.ChunksStored - ChunksRemovedAtOnce);
        file.Connection.Execute(
            "DELETE FROM chunk WHERE pool_id = @pool AND number >= @left",
            ("@pool", segment.PoolId),
            ("@left", segment.FirstChunk + left));
        segment.ChunksStored = left;
        return left == 0;
    }

    /// <summary>Finds what a caller has extended with a key: the pool's id, and maximum and order of the segment.</summary>
    public static (long PoolId, long Maximum, PoolOrder Order)? Find(SqliteFile file, string key, string caller)
    {
        using var command = file.Connection.Command(
            "SELECT pool_id, maximum, is_computed FROM segment WHERE key = @key AND caller = @caller",
            ("@key", key),
            ("@caller", caller));
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1), (PoolOrder)row.GetInt32(2)) : null;
    }

    /// <summary>Reads the segments of all pools, by the ids of the pools and in the order of the positions.</summary>
    public static ILookup<long, SegmentRow> List(SqliteFile file)
    {
        var rows = new List<(long PoolId, SegmentRow Row)>();
        if (!SqliteSchema.HasSegments(file.Connection))
            return rows.ToLookup(row => row.PoolId, row => row.Row);
        using var command = file.Connection.Command(
            """
            SELECT pool_id, minimum, maximum, is_computed, seed, commitment, created_at, is_ready, key, caller
            FROM segment ORDER BY pool_id, minimum
            """);
        using var row = command.ExecuteReader();
        while (row.Read())
            rows.Add((row.GetInt64(0), RowOf(row)));
        return rows.ToLookup(row => row.PoolId, row => row.Row);
    }

    private static SegmentRow RowOf(SqliteDataReader row) => new(
        row.GetInt64(1),
        row.GetInt64(2),
        row.GetInt64(3) != 0,
        (byte[])row[4],
        (byte[])row[5],
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        row.GetInt64(7) != 0,
        row.IsDBNull(8) ? null : row.GetString(8),
        row.GetString(9));

    private static void Grow(SqliteFile file, StoredSegment segment)
    {
        var (id, range) = (("@pool", (object)segment.PoolId), segment.Part.Range);
        file.Connection.Execute(
            "UPDATE segment SET is_ready = 1 WHERE pool_id = @pool AND minimum = @minimum", id, ("@minimum", range.Minimum));
        file.Connection.Execute("UPDATE pool SET maximum = @maximum WHERE id = @pool", id, ("@maximum", range.Maximum));
    }
}
