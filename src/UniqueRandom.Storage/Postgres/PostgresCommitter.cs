using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Locks the pools of batches of draws. One batch at a time.</summary>
/// <remarks>
/// A batch is a transaction of two round trips. The first one locks the pools and reads their cursors, which other nodes may have
/// moved. Pools are locked in the order of their ids, so that nodes can't deadlock. The second one, by
/// <see cref="PostgresBatch"/>, writes, commits and verifies that the commit lasts.
/// </remarks>
internal sealed class PostgresCommitter(PostgresSession session, PostgresNumbers numbers, PostgresAcknowledged acknowledged)
{
    private const string LockPools = $"""
        SELECT id, state, cursor, name, minimum, maximum, commitment, {PostgresLosses.IsBlocked}
        FROM uniquerandom.pool
        WHERE name = ANY($1) ORDER BY id FOR UPDATE
        """;

    private const string LastRows = $"""
        SELECT p.id, {PostgresLog.Columns} FROM uniquerandom.pool p
        CROSS JOIN LATERAL (SELECT * FROM uniquerandom.draw d WHERE d.pool_id = p.id ORDER BY d.first DESC LIMIT 1) d
        WHERE p.name = ANY($1)
        """;

    private const string UsedKeys = $"""
        SELECT d.pool_id, {PostgresLog.Columns} FROM unnest($1::text[], $2::text[]) AS k (key, caller)
        JOIN uniquerandom.draw d ON d.key = k.key AND d.caller = k.caller AND d.key IS NOT NULL
        """;

    private readonly Dictionary<int, PostgresLockedPool> known = [];

    /// <summary>Begins a transaction that locks the pools of these draws, and finds the draws of their keys.</summary>
    /// <exception cref="StoreException">A commit would not last now.</exception>
    /// <exception cref="NpgsqlException">The transaction has failed.</exception>
    public async Task<PostgresBatch> LockAsync(ReadOnlyMemory<DrawRequest> requests)
    {
        var (names, requested) = NamesAndKeys(requests.Span);
        List<NpgsqlBatchCommand> statements =
            [Statement(LockPools, names.ToParameter()), Statement(LastRows, names.ToParameter())];
        if (requested.Count > 0)
        {
            statements.Add(Statement(
                UsedKeys,
                requested.Select(key => key.Key).ToArray().ToParameter(),
                requested.Select(key => key.Caller).ToArray().ToParameter()));
        }

        var batch = new PostgresBatch(session, numbers, acknowledged);
        var (unknown, isBlocked) = (new List<string>(), false);
        await session.BeginAsync(statements, async rows =>
        {
            while (await rows.ReadAsync())
            {
                isBlocked = rows.GetBoolean(7);
                if (FindKnown(rows) is { } pool)
                    batch.Add(pool, isBlocked);
                else
                    unknown.Add(rows.GetString(3));
            }

            await rows.NextResultAsync();
            while (await rows.ReadAsync())
            {
                // This statement also sees pools that were created after the lock. They are not in the batch.
                if (known.TryGetValue(rows.GetInt32(0), out var pool))
                    pool.LastRow = PostgresLog.RowOf(rows, 1);
            }

            await rows.NextResultAsync();
            while (await rows.ReadAsync())
                batch.AddUsedKey(rows.GetInt32(0), PostgresLog.RowOf(rows, 1));
        });
        if (unknown.Count > 0)
            await AddUnknownAsync(batch, [.. unknown], isBlocked);
        return batch;
    }

    /// <summary>
    /// Reads locked pools that this session has not drawn from yet, or that were extended since, with their segments.
    /// </summary>
    private async Task AddUnknownAsync(PostgresBatch batch, string[] names, bool isBlocked)
    {
        try
        {
            await session.UseAsync(async connection =>
            {
                foreach (var (stored, row) in await PostgresPools.ListStoredAsync(connection, names))
                {
                    var pool = new PostgresLockedPool(stored);
                    pool.Reset(row.State, row.Cursor);
                    known[stored.Id] = pool;
                    batch.Add(pool, isBlocked);
                }

                await using var command = connection.Command(LastRows, (object)names);
                await using var last = await command.ExecuteReaderAsync();
                while (await last.ReadAsync())
                    known[last.GetInt32(0)].LastRow = PostgresLog.RowOf(last, 1);
            });
        }
        catch
        {
            await session.RollBackAsync();
            throw;
        }
    }

    private static (string[] Names, HashSet<(string Key, string Caller)> Keys) NamesAndKeys(ReadOnlySpan<DrawRequest> requests)
    {
        var (names, requested) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<(string, string)>());
        foreach (ref readonly var request in requests)
        {
            names.Add(request.Pool);
            if (request.Key is not null)
                requested.Add((request.Key, request.Caller ?? ""));
        }

        return ([.. names], requested);
    }

    /// <summary>Gets the pool of a locked row as it is now; null if its segments have to be read.</summary>
    private PostgresLockedPool? FindKnown(NpgsqlDataReader row)
    {
        // After a failover, or in a new schema, an id may belong to another pool.
        if (!known.TryGetValue(row.GetInt32(0), out var pool) || !IsSame(pool.Pool, row))
            return null;
        pool.Reset((PoolState)row.GetInt16(1), row.GetInt64(2));
        return pool;
    }

    private static bool IsSame(PostgresPool pool, NpgsqlDataReader row)
    {
        var range = pool.Definition.Range;
        return row.GetInt64(5) == range.Maximum && row.GetInt64(4) == range.Minimum
            && row.GetString(3) == pool.Definition.Name
            && row.GetFieldValue<byte[]>(6).AsSpan().SequenceEqual(pool.Commitment.Bytes);
    }
}
