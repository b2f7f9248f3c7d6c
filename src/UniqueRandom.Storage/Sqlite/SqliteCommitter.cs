using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;
using static SQLitePCL.raw;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Commits a batch of draws in one transaction. Guarded by the store's gate.</summary>
internal sealed class SqliteCommitter(
    SqliteFile file, ChunkReader chunks, SqliteLog log, HighWaterMark mark, IReadOnlyDictionary<string, StoredPool> pools)
    : IDisposable
{
    private readonly SqliteStatement begin = new(file, "BEGIN IMMEDIATE");
    private readonly SqliteStatement moveCursor = new(file, "UPDATE pool SET cursor = ?3 WHERE id = ?1 AND cursor = ?2");
    private readonly SqliteStatement addRow = new(
        file, "INSERT INTO draw (pool_id, first, count, drawn_at, reference, key, caller) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    private readonly SqliteStatement growRow = new(file, "UPDATE draw SET count = ?3 WHERE pool_id = ?1 AND first = ?2");
    private readonly SqliteStatement commit = new(file, "COMMIT");
    private readonly SqliteStatement rollback = new(file, "ROLLBACK");
    private readonly List<StoredPool> changed = [];
    private readonly BatchKeys keys = new();

    /// <exception cref="StoreException">The batch failed. Its fault says whether it may have been recorded.</exception>
    public void Commit(ReadOnlySpan<DrawRequest> requests, Span<DrawOutcome> outcomes, DateTimeOffset now)
    {
        try
        {
            for (var i = 0; i < requests.Length; i++)
                outcomes[i] = requests[i].Key is null ? Take(requests[i], now) : TakeOnce(requests[i], now);

            changed.RemoveAll(static pool => pool.Batch.IsEmpty && EndBatch(pool));
            foreach (var pool in changed)
                mark.Reserve(pool.Mark, pool.Batch.NewCursor);
            if (changed.Count > 0)
                Write();

            foreach (var pool in changed)
            {
                pool.Advance(pool.Batch.NewCursor, pool.Batch.LastRow);
                mark.Acknowledge(pool.Mark, pool.Cursor);
            }
        }
        finally
        {
            changed.ForEach(static pool => EndBatch(pool));
            changed.Clear();
            keys.Clear();
        }
    }

    public void Dispose()
    {
        begin.Dispose();
        moveCursor.Dispose();
        addRow.Dispose();
        growRow.Dispose();
        commit.Dispose();
        rollback.Dispose();
    }

    /// <summary>Takes numbers for a key that its caller has not used yet, or replays the draw of a used one.</summary>
    private DrawOutcome TakeOnce(in DrawRequest request, DateTimeOffset now)
    {
        if (keys.TryReplay(request, out var outcome))
            return outcome;
        if (log.TryFind(request.Key!, request.Caller, out var poolId, out var row))
            return Replay(request, poolId, row);

        outcome = Take(request, now);
        if (outcome.Kind == DrawOutcomeKind.Drawn)
            keys.Add(request, outcome);
        return outcome;
    }

    private DrawOutcome Replay(in DrawRequest request, long poolId, in DrawLogRow row)
    {
        var isSame = pools.TryGetValue(request.Pool, out var pool) && pool.Id == poolId
            && request.IsSameDraw(new DrawRequest(request.Pool, (int)row.Count, row.Reference));
        return isSame ? Drawn(pool!, pool!.Behind, row.First, (int)row.Count, row.DrawnAt).ToReplay() : DrawOutcome.KeyConflict;
    }

    private DrawOutcome Take(in DrawRequest request, DateTimeOffset now)
    {
        if (!pools.TryGetValue(request.Pool, out var pool))
            return DrawOutcome.PoolNotFound;
        if (pool.State != PoolState.Open)
        {
            return pool.State == PoolState.Closed
                ? DrawOutcome.PoolClosed(pool.Definition)
                : DrawOutcome.PoolSeeding(pool.Definition);
        }

        if (!pool.InBatch)
        {
            pool.InBatch = true;
            pool.Batch.Begin(pool.Cursor, pool.LastRow);
            changed.Add(pool);
        }

        return pool.Batch.TryTake(pool.Definition, request, now, out var first)
            ? Drawn(pool, pool.Ahead, first, request.Count, now)
            : DrawOutcome.Exhausted(pool.Definition, first);
    }

    private DrawOutcome Drawn(StoredPool pool, NumberSource source, long first, int count, DateTimeOffset drawnAt)
    {
        if (count == 1)
            return DrawOutcome.DrawnOne(pool.Definition, first, source.NumberAt(first, chunks), drawnAt);

        var numbers = new long[count];
        source.CopyNumbers(first, numbers, chunks);
        return DrawOutcome.DrawnMany(pool.Definition, first, numbers, drawnAt);
    }

    private static bool EndBatch(StoredPool pool)
    {
        pool.InBatch = false;
        return true;
    }

    private void Write()
    {
        file.ThrowIfMoved();
        begin.Run();
        try
        {
            foreach (var pool in changed)
                Write(pool);
            commit.Run();
        }
        catch (StoreException)
        {
            RollBack();
            throw;
        }
    }

    private void Write(StoredPool pool)
    {
        var batch = pool.Batch;
        if (moveCursor.Bind(1, pool.Id).Bind(2, batch.OldCursor).Bind(3, batch.NewCursor).Run() != 1)
            throw ChangedByOther(pool);

        var growsFirst = batch.ExtendsLastRow;
        foreach (var row in batch.Rows)
        {
            if (growsFirst)
            {
                if (growRow.Bind(1, pool.Id).Bind(2, row.First).Bind(3, row.Count).Run() != 1)
                    throw ChangedByOther(pool);
                growsFirst = false;
            }
            else
            {
                addRow.Bind(1, pool.Id).Bind(2, row.First).Bind(3, row.Count)
                    .Bind(4, row.DrawnAt.ToUnixTimeMilliseconds())
                    .Bind(5, row.Reference).Bind(6, row.Key).Bind(7, row.Caller ?? "").Run();
            }
        }
    }

    /// <summary>Rolls back, unless SQLite has already done so because of the error.</summary>
    private void RollBack()
    {
        if (sqlite3_get_autocommit(file.Connection.Handle) == 0)
            rollback.Run();
    }

    private StoreException ChangedByOther(StoredPool pool) => new(
        StoreFault.Fatal,
        $"The pool '{pool.Definition.Name}' was changed by another program while '{file.Path}' was open; "
        + "stop that program, then start again.");
}
