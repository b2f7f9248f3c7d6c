using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>A batch of draws whose pools are locked by an open transaction.</summary>
/// <remarks>
/// A batch that contains only replays commits, too: the rows it has read may be on this server only. The commit waits until a
/// standby has them, because a row lock is written to the WAL.
/// </remarks>
internal sealed class PostgresBatch(PostgresSession session, PostgresNumbers numbers, PostgresAcknowledged acknowledged)
{
    private const string MoveCursor = "UPDATE uniquerandom.pool SET cursor = $3 WHERE id = $1 AND cursor = $2";

    private const string GrowRow = "UPDATE uniquerandom.draw SET count = $3 WHERE pool_id = $1 AND first = $2";

    // In the order of the keys, so that nodes that use the same keys for different pools can't deadlock.
    private const string AddRows = """
        INSERT INTO uniquerandom.draw (pool_id, first, count, drawn_at, reference, key, caller)
        SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
            AS row (pool_id, first, count, drawn_at, reference, key, caller)
        ORDER BY row.key, row.caller
        """;

    private readonly Dictionary<string, PostgresLockedPool> pools = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Key, string Caller), (int PoolId, DrawLogRow Row)> used = [];
    private readonly BatchKeys keys = new();
    private readonly List<(PostgresPool Pool, DrawLogRow Row)> replayed = [];
    private bool isBlocked;

    /// <summary>Adds a locked pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="isBlocked">Whether nobody draws from the server.</param>
    public void Add(PostgresLockedPool pool, bool isBlocked)
    {
        pools.Add(pool.Pool.Definition.Name, pool);
        this.isBlocked |= isBlocked;
    }

    private IEnumerable<PostgresLockedPool> Drawn => pools.Values.Where(pool => pool is { InBatch: true, Batch.IsEmpty: false });

    /// <summary>Adds the draw of a key that one of the requests has.</summary>
    public void AddUsedKey(int poolId, in DrawLogRow row) => used.Add((row.Key!, row.Caller ?? ""), (poolId, row));

    /// <summary>Takes the draws and ends the transaction that has locked the pools. Called once.</summary>
    /// <param name="requests">Draws from locked pools, with keys that were looked up.</param>
    /// <param name="outcomes">Receives the outcome of each draw.</param>
    /// <param name="now">The time of the batch.</param>
    /// <exception cref="StoreException">The batch was not recorded, or its outcome is unknown.</exception>
    /// <exception cref="NpgsqlException">The batch was not recorded.</exception>
    public async Task CommitAsync(ReadOnlyMemory<DrawRequest> requests, Memory<DrawOutcome> outcomes, DateTimeOffset now)
    {
        var hasDrawn = false;
        try
        {
            for (var i = 0; i < requests.Length; i++)
            {
                var request = requests.Span[i];
                var outcome = await (request.Key is null ? TakeAsync(request, now) : TakeOnceAsync(request, now));
                outcomes.Span[i] = outcome;
                hasDrawn |= outcome.Kind == DrawOutcomeKind.Drawn;
            }

            Reserve();
        }
        catch
        {
            await session.RollBackAsync();
            throw;
        }

        if (hasDrawn)
            await WriteAsync();
        else
            await session.RollBackAsync();
    }

    /// <summary>Takes numbers for a key that its caller has not used yet; otherwise replays the draw of the key.</summary>
    private async ValueTask<DrawOutcome> TakeOnceAsync(DrawRequest request, DateTimeOffset now)
    {
        if (keys.TryReplay(request, out var outcome))
            return outcome;
        if (used.TryGetValue((request.Key!, request.Caller ?? ""), out var first))
            return await ReplayAsync(request, first.PoolId, first.Row);

        outcome = await TakeAsync(request, now);
        if (outcome.Kind == DrawOutcomeKind.Drawn)
            keys.Add(request, outcome);
        return outcome;
    }

    private async ValueTask<DrawOutcome> ReplayAsync(DrawRequest request, int poolId, DrawLogRow row)
    {
        var isSame = pools.TryGetValue(request.Pool, out var pool) && pool.Id == poolId
            && request.IsSameDraw(new DrawRequest(request.Pool, (int)row.Count, row.Reference));
        if (!isSame)
            return DrawOutcome.KeyConflict;
        replayed.Add((pool!.Pool, row));
        return (await DrawnAsync(pool.Pool, row.First, (int)row.Count, row.DrawnAt)).ToReplay();
    }

    private ValueTask<DrawOutcome> TakeAsync(DrawRequest request, DateTimeOffset now)
    {
        if (!pools.TryGetValue(request.Pool, out var pool))
            return new(DrawOutcome.PoolNotFound);
        var definition = pool.Pool.Definition;
        if (pool.State != PoolState.Open)
            return new(pool.State == PoolState.Closed ? DrawOutcome.PoolClosed(definition) : DrawOutcome.PoolSeeding(definition));

        if (isBlocked)
            return RefuseAsync();
        if (!pool.InBatch)
        {
            pool.Begin();
            if (acknowledged.FindLoss(pool.Pool, pool.State, pool.Cursor) is { } loss)
            {
                session.Invalidate();
                throw new StoreException(StoreFault.Unavailable, loss.Describe(session.Host.Name));
            }
        }

        return pool.Batch.TryTake(definition, request, now, out var first)
            ? DrawnAsync(pool.Pool, first, request.Count, now)
            : new(DrawOutcome.Exhausted(definition, first));
    }

    private async ValueTask<DrawOutcome> RefuseAsync() => throw await PostgresLosses.RefuseAsync(session);

    private async ValueTask<DrawOutcome> DrawnAsync(PostgresPool pool, long first, int count, DateTimeOffset drawnAt)
    {
        if (count == 1)
            return DrawOutcome.DrawnOne(pool.Definition, first, await numbers.NumberAtAsync(session, pool, first), drawnAt);

        var drawn = new long[count];
        await numbers.CopyNumbersAsync(session, pool, first, drawn);
        return DrawOutcome.DrawnMany(pool.Definition, first, drawn, drawnAt);
    }

    /// <summary>Prepares the mark for what the batch answers.</summary>
    private void Reserve()
    {
        foreach (var pool in Drawn)
            acknowledged.Reserve(pool.Pool, pool.Batch.NewCursor);
        foreach (var (pool, row) in replayed)
            acknowledged.Reserve(pool, row.End);
    }

    private async Task WriteAsync()
    {
        List<NpgsqlBatchCommand> statements = [];
        List<(int PoolId, DrawLogRow Row)> added = [];
        foreach (var pool in Drawn)
        {
            var batch = pool.Batch;
            var id = pool.Id.ToParameter();
            statements.Add(Statement(MoveCursor, id, batch.OldCursor.ToParameter(), batch.NewCursor.ToParameter()));
            foreach (var row in batch.Rows[(batch.ExtendsLastRow ? 1 : 0)..])
                added.Add((pool.Id, row));
            if (batch.ExtendsLastRow)
            {
                var (first, count) = (batch.Rows[0].First.ToParameter(), batch.Rows[0].Count.ToParameter());
                statements.Add(Statement(GrowRow, pool.Id.ToParameter(), first, count));
            }
        }

        var changes = (ulong)(statements.Count + added.Count);
        if (added.Count > 0)
            statements.Add(Add(added));
        await session.CommitAsync(statements);
        if (statements.Aggregate(0UL, (sum, statement) => sum + statement.Rows) != changes)
        {
            throw new StoreException(
                StoreFault.Fatal,
                $"A pool on {session.Host.Name} was changed by another program while it was locked; "
                + "stop that program, then start again.");
        }

        foreach (var pool in Drawn)
            acknowledged.RecordDraw(pool.Pool, pool.Batch.LastRow!.Value);
        foreach (var (pool, row) in replayed)
            acknowledged.RecordDraw(pool, row);
    }

    private static NpgsqlBatchCommand Add(List<(int PoolId, DrawLogRow Row)> rows) => Statement(
        AddRows,
        rows.Select(row => row.PoolId).ToArray().ToParameter(),
        rows.Select(row => row.Row.First).ToArray().ToParameter(),
        rows.Select(row => row.Row.Count).ToArray().ToParameter(),
        rows.Select(row => row.Row.DrawnAt).ToArray().ToParameter(),
        rows.Select(row => row.Row.Reference).ToArray().ToParameter(),
        rows.Select(row => row.Row.Key).ToArray().ToParameter(),
        rows.Select(row => row.Row.Caller ?? "").ToArray().ToParameter());
}
