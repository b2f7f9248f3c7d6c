using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using static UniqueRandom.Storage.Postgres.PostgresConnectionExtensions;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Records the segments that extend pools. Thread-safe.</summary>
internal sealed class PostgresExtending(PostgresSessions sessions, PostgresReader reader)
{
    private const string LockPool = "SELECT id FROM uniquerandom.pool WHERE name = $1 FOR UPDATE";

    private const string FindKey = """
        SELECT p.name, s.maximum, s.is_computed FROM uniquerandom.segment s JOIN uniquerandom.pool p ON p.id = s.pool_id
        WHERE s.key = $1 AND s.caller = $2
        """;

    private const string Insert = """
        INSERT INTO uniquerandom.segment
            (pool_id, minimum, maximum, is_computed, seed, commitment, created_at, is_ready, key, caller)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $4, $8, $9)
        """;

    private const string Grow = "UPDATE uniquerandom.pool SET maximum = $2 WHERE id = $1";

    public async Task<PoolExtension> ExtendAsync(
        ExtensionRequest request, Seed seed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await sessions.UseAsync(session => RecordAsync(session, request, seed, now), cancellationToken);
        // Read again, so that a seed is returned only when the end of its segment is certain to last.
        return result.Pool is null ? result : result with { Pool = await reader.FindAsync(request.Pool, cancellationToken) };
    }

    private static async Task<PoolExtension> RecordAsync(
        PostgresSession session, ExtensionRequest request, Seed seed, DateTimeOffset now)
    {
        var (isBlocked, used) = (false, ((string Pool, long Maximum, bool IsComputed)?)null);
        // The first lock lets extensions follow one another, so that none uses a key at the same time.
        await session.BeginAsync(
            [
                new(PostgresSchema.LockVersion),
                Statement(LockPool, request.Pool.ToParameter()),
                new($"SELECT {PostgresLosses.IsBlocked}"),
                Statement(FindKey, (request.Key ?? "").ToParameter(), request.Caller.ToParameter()),
            ],
            async rows =>
            {
                await rows.NextResultAsync();
                await rows.NextResultAsync();
                isBlocked = await rows.ReadAsync() && rows.GetBoolean(0);
                await rows.NextResultAsync();
                if (await rows.ReadAsync())
                    used = (rows.GetString(0), rows.GetInt64(1), rows.GetBoolean(2));
            });
        try
        {
            if (isBlocked)
                throw await PostgresLosses.RefuseAsync(session);
            (PostgresPool Stored, Pool Pool)? found = null;
            await session.UseAsync(async connection =>
                found = await PostgresPools.FindAsync(connection, request.Pool, CancellationToken.None));
            if (found is null && used is null)
                return await RefuseAsync(new PoolExtension(ExtensionOutcome.NotFound));
            if (used is { } earlier)
            {
                var order = earlier.IsComputed ? PoolOrder.Computed : PoolOrder.Stored;
                return earlier.Pool == request.Pool && request.IsSame(found!.Value.Pool.Definition, earlier.Maximum, order)
                    ? await CommitAsync(new PoolExtension(ExtensionOutcome.Replayed, found.Value.Pool))
                    : await RefuseAsync(new PoolExtension(ExtensionOutcome.KeyConflict));
            }

            var (stored, pool) = found!.Value;
            if (request.Refuse(pool) is { } refusal)
                return await RefuseAsync(refusal);
            var part = request.PartOf(pool.Definition);
            Permutation.RequireMemory(part.StoredSize);
            return await CommitAsync(
                new PoolExtension(ExtensionOutcome.Recorded, pool), Statements(stored, part, seed, request, now));
        }
        catch
        {
            await session.RollBackAsync();
            throw;
        }

        async Task<PoolExtension> RefuseAsync(PoolExtension refusal)
        {
            await session.RollBackAsync();
            return refusal;
        }

        // Also for a replay: what it has read may be on this server only.
        async Task<PoolExtension> CommitAsync(PoolExtension result, params NpgsqlBatchCommand[] statements)
        {
            await session.CommitAsync(statements);
            return result;
        }
    }

    private static NpgsqlBatchCommand[] Statements(
        PostgresPool pool, PoolDefinition part, Seed seed, ExtensionRequest request, DateTimeOffset now)
    {
        var (range, isComputed) = (part.Range, part.Order == PoolOrder.Computed);
        var insert = Statement(
            Insert,
            pool.Id.ToParameter(),
            range.Minimum.ToParameter(),
            range.Maximum.ToParameter(),
            isComputed.ToParameter(),
            seed.Bytes.ToArray().ToParameter(),
            Commitment.To(seed, range, part.Order).Bytes.ToArray().ToParameter(),
            now.ToParameter(),
            request.Key.ToParameter(),
            request.Caller.ToParameter());
        return isComputed ? [insert, Statement(Grow, pool.Id.ToParameter(), range.Maximum.ToParameter())] : [insert];
    }
}
