using System.Collections.Concurrent;
using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// Where the numbers of pools come from: stored chunks, or computed orders, of which up to 1,000 are kept. Thread-safe.
/// </summary>
internal sealed class PostgresNumbers(PostgresHosts hosts, PostgresChunks chunks)
{
    private const int MaximumComputed = 1000;

    // After a failover the id may belong to another pool.
    private const string SelectSeed = "SELECT seed FROM uniquerandom.pool WHERE id = $1 AND commitment = $2";

    private readonly ConcurrentDictionary<Commitment, ComputedNumbers> computed = new();

    /// <inheritdoc cref="PostgresChunks.NumberAtAsync"/>
    public ValueTask<long> NumberAtAsync(PostgresSession session, PostgresPool pool, long position)
    {
        if (pool.Definition.Order == PoolOrder.Stored)
            return chunks.NumberAtAsync(session, pool, position);
        return computed.TryGetValue(pool.Commitment, out var numbers) ? new(numbers.NumberAt(position)) : ReadFirstAsync();

        async ValueTask<long> ReadFirstAsync() => (await GetAsync(pool, session.UseAsync)).NumberAt(position);
    }

    /// <summary>Copies the numbers at consecutive positions, for a draw.</summary>
    /// <exception cref="StoreException">A chunk is missing, or does not match its checksum.</exception>
    /// <exception cref="NpgsqlException">A chunk could not be read.</exception>
    public async ValueTask CopyNumbersAsync(PostgresSession session, PostgresPool pool, long position, Memory<long> numbers)
    {
        if (pool.Definition.Order == PoolOrder.Stored)
            await chunks.CopyNumbersAsync(session, pool, position, numbers);
        else
            (await GetAsync(pool, session.UseAsync)).CopyNumbers(position, numbers.Span);
    }

    /// <summary>Copies the numbers at consecutive positions.</summary>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public async ValueTask CopyNumbersAsync(
        PostgresPool pool, long position, Memory<long> numbers, CancellationToken cancellationToken)
    {
        if (pool.Definition.Order == PoolOrder.Stored)
            await chunks.CopyNumbersAsync(pool, position, numbers, cancellationToken);
        else
            (await GetAsync(pool, cancellationToken)).CopyNumbers(position, numbers.Span);
    }

    /// <inheritdoc cref="PostgresChunks.SampleAsync"/>
    public async Task SampleAsync(
        PostgresPool pool, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken)
    {
        if (pool.Definition.Order == PoolOrder.Stored)
        {
            await chunks.SampleAsync(pool, positions, numbers, cancellationToken);
            return;
        }

        var found = await GetAsync(pool, cancellationToken);
        for (var i = 0; i < positions.Length; i++)
            found.CopyNumbers(positions.Span[i], numbers.Span.Slice(i, 1));
    }

    /// <inheritdoc cref="PostgresChunks.FindPositionAsync"/>
    public async Task<long?> FindPositionAsync(
        PostgresPool pool, long number, long end, CancellationToken cancellationToken)
    {
        if (pool.Definition.Order == PoolOrder.Stored)
            return await chunks.FindPositionAsync(pool, number, end, cancellationToken);
        return (await GetAsync(pool, cancellationToken)).PositionOf(number) is var found && found < end ? found : null;
    }

    private ValueTask<ComputedNumbers> GetAsync(PostgresPool pool, CancellationToken cancellationToken) => GetAsync(
        pool,
        read => hosts.ReadAsync(
            async connection =>
            {
                await read(connection);
                return true;
            },
            cancellationToken),
        cancellationToken);

    private async ValueTask<ComputedNumbers> GetAsync(
        PostgresPool pool,
        Func<Func<NpgsqlConnection, Task>, Task> useAsync,
        CancellationToken cancellationToken = default)
    {
        if (computed.TryGetValue(pool.Commitment, out var known))
            return known;
        byte[]? seed = null;
        await useAsync(async connection => seed = await connection.ScalarAsync<byte[]>(
            SelectSeed, cancellationToken, pool.Id, pool.Commitment.Bytes.ToArray()));
        if (seed is null)
        {
            throw new StoreException(StoreFault.Unavailable, $"The pool '{pool.Definition.Name}' is another one now; try again.")
            {
                IsTransient = true,
            };
        }

        var numbers = new ComputedNumbers(pool.Definition.Range, new Seed(seed));
        // Which one goes does not matter: it is created again when it is needed. Another thread may still use it.
        if (computed.Count >= MaximumComputed)
            computed.TryRemove(computed.Keys.First(), out _);
        return computed.GetOrAdd(pool.Commitment, numbers);
    }
}
