using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Moves the cursors of a restored database behind the positions that may have been handed out.</summary>
internal static class SqliteResume
{
    /// <summary>
    /// Moves the cursors in one transaction. The log covers the positions that are given up. A pool that has drawn from an
    /// extension that the database lacks is closed: extended again, it would have the same numbers in another order.
    /// </summary>
    /// <param name="file">The database.</param>
    /// <param name="targets">The new cursors. One above the size of its pool stands for an extension that is missing.</param>
    /// <param name="now">The time of the rows.</param>
    public static void Run(SqliteFile file, Dictionary<StoredPool, long> targets, DateTimeOffset now)
    {
        using (var transaction = file.Connection.BeginTransaction())
        {
            foreach (var (pool, target) in targets)
                Move(file, pool, target, now);
            transaction.Commit();
        }

        foreach (var (pool, target) in targets)
        {
            pool.Advance(Math.Min(target, pool.Definition.Range.Size), lastRow: null);
            if (target > pool.Definition.Range.Size)
                (pool.State, pool.ClosedAt) = (PoolState.Closed, now);
        }
    }

    /// <summary>Returns the cursor behind what the operator knows to be drawn; above the size for an extension.</summary>
    /// <exception cref="StoreRefusedException">The pool has no such number, or more is drawn already.</exception>
    public static long CursorAt(ResumeAfterRestore.Point point, StoredPool pool, ChunkReader chunks)
    {
        point.Require(pool.Definition, pool.State, pool.Cursor);
        if (point.CursorIn(pool.Definition.Range) is { } cursor)
            return cursor;
        var (part, position) = (0, (long?)null);
        while (pool.Behind.Search(point.Value, pool.Definition.Range.Size, part, chunks, out position))
            part++;
        return Math.Max(position!.Value + 1, pool.Cursor);
    }

    private static void Move(SqliteFile file, StoredPool pool, long target, DateTimeOffset now)
    {
        var size = pool.Definition.Range.Size;
        if (target > size)
        {
            file.Connection.Execute(
                "UPDATE pool SET state = @closed, closed_at = @now WHERE id = @id",
                ("@closed", (int)PoolState.Closed), ("@now", now.ToUnixTimeMilliseconds()), ("@id", pool.Id));
            target = size;
        }

        if (target > pool.Cursor)
            SqliteLog.MoveCursor(file, pool, target, now, Reference.SkippedAfterRestore, caller: null);
    }
}
