using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Moves the cursors of a restored database behind the positions that may have been handed out.</summary>
internal sealed class PostgresResume(
    PostgresHosts hosts, PostgresSessions sessions, PostgresNumbers numbers, PostgresAcknowledged acknowledged)
{
    private const string LockPools =
        "SELECT id, state, cursor, maximum - minimum + 1 FROM uniquerandom.pool ORDER BY id FOR UPDATE";

    private const string LockLosses = "SELECT name, commitment, cursor, ceiling FROM uniquerandom.loss FOR UPDATE";

    private const string Skip = $"""
        INSERT INTO uniquerandom.draw (pool_id, first, count, drawn_at, reference, caller)
        VALUES ($1, $2, $3, $4, '{Reference.SkippedAfterRestore}', '')
        """;

    private const string MoveCursor = "UPDATE uniquerandom.pool SET cursor = $2 WHERE id = $1";

    // It has drawn from an extension that the database lacks: extended again, it would have the same numbers in another order.
    private const string Close = "UPDATE uniquerandom.pool SET state = 2, closed_at = $2 WHERE id = $1 AND state = 1";

    // Not one that another node is importing, which has locked it.
    private const string RemoveIncomplete = """
        WITH abandoned AS MATERIALIZED (
            SELECT id FROM uniquerandom.pool WHERE id = ANY($1) AND pg_try_advisory_xact_lock($2, id)
        ), removed AS (DELETE FROM uniquerandom.chunk WHERE pool_id IN (SELECT id FROM abandoned))
        DELETE FROM uniquerandom.pool WHERE id IN (SELECT id FROM abandoned)
        """;

    private const string AcceptMissing = """
        INSERT INTO uniquerandom.loss (name, commitment, cursor, ceiling, is_accepted) VALUES ($1, $2, $3, $4, true)
        ON CONFLICT (name, commitment) DO UPDATE SET is_accepted = true
        """;

    private const string Forget = """
        DELETE FROM uniquerandom.loss l
        WHERE EXISTS (SELECT FROM uniquerandom.pool p WHERE p.name = l.name AND p.commitment = l.commitment)
        """;

    /// <summary>
    /// Moves the cursors in one transaction. The log covers the positions that are given up. Other nodes go on after it.
    /// </summary>
    /// <param name="resume">What the operator knows.</param>
    /// <param name="now">The time of the rows.</param>
    /// <param name="cancellationToken">Cancels the reading of the pools.</param>
    /// <returns>The pools, and where their cursors are now.</returns>
    /// <exception cref="StoreRefusedException">The operator names a pool or a number that does not exist.</exception>
    /// <exception cref="StoreException">It could not be recorded.</exception>
    public async Task<IReadOnlyList<(MarkKey Pool, long Cursor)>> RunAsync(
        ResumeAfterRestore resume, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var pools = await PostgresPools.ListStoredAsync(hosts, cancellationToken);
        // Nothing more is known of a pool whose import was interrupted.
        var incomplete = pools.Where(pool => pool.Row.IsIncomplete).Select(pool => pool.Stored.Id).ToHashSet();
        var complete = pools.Where(pool => !pool.Row.IsIncomplete).ToList();
        resume.RequireKnown(complete.Select(pool => pool.Stored.Definition.Name));
        var named = new Dictionary<int, long>();
        foreach (var (stored, row) in complete)
        {
            if (resume.Find(stored.Definition.Name) is { } point)
                named.Add(stored.Id, await CursorAtAsync(point, stored, row.State, cancellationToken));
        }

        return await sessions.UseAsync(
            session => MoveAsync(
                session, pools.ToDictionary(pool => pool.Stored.Id, pool => pool.Stored), incomplete, named, now),
            cancellationToken);
    }

    private async Task<long> CursorAtAsync(
        ResumeAfterRestore.Point point, PostgresPool stored, PoolState state, CancellationToken cancellationToken)
    {
        // A switch that stayed in the configuration has no effect when more was drawn since.
        point.Require(stored.Definition, state, least: 0);
        if (point.CursorIn(stored.Definition.Range) is { } cursor)
            return cursor;
        var size = stored.Definition.Range.Size;
        return (await numbers.FindPositionAsync(stored, point.Value, size, cancellationToken))!.Value + 1;
    }

    private async Task<IReadOnlyList<(MarkKey Pool, long Cursor)>> MoveAsync(
        PostgresSession session,
        Dictionary<int, PostgresPool> pools,
        HashSet<int> incomplete,
        Dictionary<int, long> named,
        DateTimeOffset now)
    {
        var (stored, lost) = (new List<(int Id, PoolState State, long Cursor, long Size)>(), acknowledged.Pools.ToList());
        await session.BeginAsync([new(PostgresLosses.Lock), new(LockPools), new(LockLosses)], async rows =>
        {
            while (await rows.ReadAsync())
                stored.Add((rows.GetInt32(0), (PoolState)rows.GetInt16(1), rows.GetInt64(2), rows.GetInt64(3)));
            await rows.NextResultAsync();
            while (await rows.ReadAsync())
                lost.Add(PostgresLosses.Read(rows));
        });
        var (statements, cursors) = (new List<NpgsqlBatchCommand>(), new Dictionary<MarkKey, long>());
        var abandoned = new List<int>();
        foreach (var (id, state, cursor, size) in stored)
        {
            // A pool that was created meanwhile has drawn nothing.
            if (!pools.TryGetValue(id, out var pool))
                continue;
            // Otherwise another node has completed the import since the pools were read.
            if (cursor == 0 && incomplete.Contains(id))
            {
                abandoned.Add(id);
                continue;
            }

            var losses = lost.Where(loss => loss.Key == pool.MarkKey).ToList();
            if (!named.ContainsKey(id))
            {
                ResumeAfterRestore.RequireSameExtension(
                    pool.Definition, pool.Segments[0].End, cursor, losses.Select(loss => loss.Cursor).DefaultIfEmpty().Max());
            }

            // A pool that was seeding may have been opened, and drawn from, since.
            var most = losses.Select(loss => loss.Ceiling).Append(named.GetValueOrDefault(id)).Append(cursor).Max();
            var target = state != PoolState.Closed ? most : cursor;
            if (target > size)
            {
                ResumeAfterRestore.RequireOrder(pool.Definition, state, target);
                statements.Add(Statement(Close, id.ToParameter(), now.ToParameter()));
                target = size;
            }

            // So that an older copy, which lacks a segment as well, is closed, too.
            cursors.Add(pool.MarkKey, most > size ? most : target);
            if (target == cursor)
                continue;
            var count = target - cursor;
            statements.Add(
                Statement(Skip, id.ToParameter(), cursor.ToParameter(), count.ToParameter(), now.ToParameter()));
            statements.Add(Statement(MoveCursor, id.ToParameter(), target.ToParameter()));
        }

        statements.Add(Statement(
            RemoveIncomplete, abandoned.ToArray().ToParameter(), PostgresSchema.LockClass.ToParameter()));
        foreach (var missing in lost.Where(loss => loss.Cursor > 0 && !cursors.ContainsKey(loss.Key)))
        {
            statements.Add(Statement(
                AcceptMissing,
                missing.Key.Name.ToParameter(),
                missing.Key.Commitment.Bytes.ToArray().ToParameter(),
                missing.Cursor.ToParameter(),
                missing.Ceiling.ToParameter()));
        }

        statements.Add(new NpgsqlBatchCommand(Forget));
        await session.CommitAsync(statements);
        return [.. cursors.Select(pool => (pool.Key, pool.Value))];
    }
}
