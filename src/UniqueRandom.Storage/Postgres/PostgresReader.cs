using System.Collections.Concurrent;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Reads pools, their logs and their numbers. Thread-safe.</summary>
internal sealed class PostgresReader(PostgresHosts hosts, PostgresSessions sessions, PostgresNumbers source)
{
    private readonly ConcurrentDictionary<Commitment, bool> confirmed = new();

    public async Task<IReadOnlyList<Pool>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        var primary = await hosts.PrimaryAsync(cancellationToken);
        var found = await hosts.ReadAsync(
            connection => PostgresPools.ListAsync(connection, after, limit, cancellationToken), cancellationToken);
        var pools = found.Select(pool => pool.Pool).ToList();
        await ConfirmEndsAsync(primary, pools, cancellationToken);
        return pools;
    }

    public async Task<Pool?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var primary = await hosts.PrimaryAsync(cancellationToken);
        var found = await FindStoredAsync(name, cancellationToken);
        if (found is not null)
            await ConfirmEndsAsync(primary, [found.Value.Pool], cancellationToken);
        return found?.Pool;
    }

    /// <summary>Finds the segment of a pool that is being stored; null if there is none.</summary>
    public async Task<PostgresSegment?> FindUnfinishedAsync(string name, CancellationToken cancellationToken)
    {
        if (await FindStoredAsync(name, cancellationToken) is not { } found || found.Pool.Unfinished is not { } unfinished)
            return null;
        var last = found.Stored.Segments[^1];
        return found.Pool.State == PoolState.Seeding ? last : new PostgresSegment(
            last.PoolId,
            found.Pool.Definition with { Range = unfinished.Range, Order = unfinished.Order },
            last.End,
            last.FirstChunk + last.ChunkCount,
            unfinished.Commitment);
    }

    public Task<IReadOnlyList<DrawLogRow>> ReadLogAsync(
        string name, long position, int limit, CancellationToken cancellationToken) =>
        hosts.ReadAsync(
            connection => PostgresLog.ReadAsync(connection, name, position, limit, cancellationToken), cancellationToken);

    public async Task ReadNumbersAsync(string name, long position, Memory<long> numbers, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var (stored, pool) = await GetAsync(name, cancellationToken);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position + numbers.Length, pool.Cursor, nameof(position));
        await source.CopyNumbersAsync(stored, position, numbers, cancellationToken);
    }

    public async Task SampleAsync(
        string name, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken)
    {
        var (stored, pool) = await GetAsync(name, cancellationToken);
        foreach (var position in positions.Span)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(positions));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, pool.Cursor, nameof(positions));
        }

        await source.SampleAsync(stored, positions, numbers, cancellationToken);
    }

    public async Task<long?> FindPositionAsync(string name, long number, CancellationToken cancellationToken)
    {
        var (stored, pool) = await GetAsync(name, cancellationToken);
        return pool.Definition.Range.Contains(number)
            ? await source.FindPositionAsync(stored, number, pool.Cursor, cancellationToken)
            : null;
    }

    /// <summary>
    /// Makes sure that a failover can't undo the end of a segment or a pool before its seed is returned for the first time: the
    /// state that was read may not be on a standby yet, so a transaction is committed after it.
    /// </summary>
    private async Task ConfirmEndsAsync(PostgresHost read, List<Pool> pools, CancellationToken cancellationToken)
    {
        var ended = pools.SelectMany(EndedOf).Where(commitment => !confirmed.ContainsKey(commitment)).ToList();
        if (ended.Count == 0)
            return;
        try
        {
            await sessions.CheckAsync(cancellationToken);
        }
        catch (StoreException error) when (error.Fault == StoreFault.InDoubt)
        {
            throw new StoreException(StoreFault.Unavailable, error.Message, error) { IsTransient = error.IsTransient };
        }

        if (await hosts.PrimaryAsync(cancellationToken) != read)
        {
            throw new StoreException(StoreFault.Unavailable, $"{read.Name} is not the primary any more; try again.")
            {
                IsTransient = true,
            };
        }

        ended.ForEach(commitment => confirmed.TryAdd(commitment, true));
    }

    /// <summary>Gets the commitments whose seeds the pool reveals.</summary>
    private static IEnumerable<Commitment> EndedOf(Pool pool)
    {
        if (pool.Seed is not null)
            yield return pool.Commitment;
        foreach (var segment in pool.Extensions)
        {
            if (segment.Seed is not null)
                yield return segment.Commitment;
        }
    }

    private Task<(PostgresPool Stored, Pool Pool)?> FindStoredAsync(string name, CancellationToken cancellationToken) =>
        hosts.ReadAsync(connection => PostgresPools.FindAsync(connection, name, cancellationToken), cancellationToken);

    private async Task<(PostgresPool Stored, Pool Pool)> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindStoredAsync(name, cancellationToken)
            ?? throw new ArgumentException($"There is no pool '{name}'.", nameof(name));
}
