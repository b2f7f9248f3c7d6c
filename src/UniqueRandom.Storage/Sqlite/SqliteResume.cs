using UniqueRandom.Draws;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Moves the cursors of a restored database behind the positions that may have been handed out.</summary>
internal static class SqliteResume
{
    /// <summary>Moves the cursors in one transaction. The log covers the positions that are given up.</summary>
    /// <param name="file">The database.</param>
    /// <param name="targets">The new cursors.</param>
    /// <param name="now">The time of the rows.</param>
    public static void Run(SqliteFile file, Dictionary<StoredPool, long> targets, DateTimeOffset now)
    {
        using (var transaction = file.Connection.BeginTransaction())
        {
            foreach (var (pool, target) in targets.Where(move => move.Value > move.Key.Cursor))
                Move(file, pool, target, now);
            transaction.Commit();
        }

        foreach (var (pool, target) in targets)
            pool.Advance(target, lastRow: null);
    }

    /// <summary>Returns the cursor behind what the operator knows to be drawn.</summary>
    /// <exception cref="StoreRefusedException">The pool has no such number, or more is drawn already.</exception>
    public static long CursorAt(ResumeAfterRestore.Point point, StoredPool pool, ChunkReader chunks)
    {
        point.Require(pool.Definition, pool.State, pool.Cursor);
        if (!point.IsNumber)
            return point.Value;
        var (part, position) = (0, (long?)null);
        while (pool.Behind.Search(point.Value, pool.Definition.Range.Size, part, chunks, out position))
            part++;
        return Math.Max(position!.Value + 1, pool.Cursor);
    }

    private static void Move(SqliteFile file, StoredPool pool, long target, DateTimeOffset now)
    {
        file.Connection.Execute(
            """
            INSERT INTO draw (pool_id, first, count, drawn_at, reference, key, caller)
            VALUES (@id, @first, @count, @now, @reference, NULL, '')
            """,
            ("@id", pool.Id),
            ("@first", pool.Cursor),
            ("@count", target - pool.Cursor),
            ("@now", now.ToUnixTimeMilliseconds()),
            ("@reference", Reference.SkippedAfterRestore));
        file.Connection.Execute(
            "UPDATE pool SET cursor = @target WHERE id = @id", ("@target", target), ("@id", pool.Id));
    }
}
