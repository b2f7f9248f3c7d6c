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
    private const string SelectSeed = """
        SELECT seed FROM uniquerandom.pool WHERE id = $1 AND commitment = $2
        UNION ALL SELECT seed FROM uniquerandom.segment WHERE pool_id = $1 AND commitment = $2
        """;

    private readonly ConcurrentDictionary<Commitment, ComputedNumbers> computed = new();

    /// <inheritdoc cref="PostgresChunks.NumberAtAsync"/>
    public ValueTask<long> NumberAtAsync(PostgresSession session, PostgresPool pool, long position)
    {
        var segment = pool.SegmentAt(position);
        position -= segment.First;
        if (segment.Part.Order == PoolOrder.Stored)
            return chunks.NumberAtAsync(session, segment, position);
        return computed.TryGetValue(segment.Commitment, out var numbers) ? new(numbers.NumberAt(position)) : ReadFirstAsync();

        async ValueTask<long> ReadFirstAsync() => (await GetAsync(segment, session.UseAsync)).NumberAt(position);
    }

    /// <summary>Copies the numbers at consecutive positions, for a draw.</summary>
    /// <exception cref="StoreException">A chunk is missing, or does not match its checksum.</exception>
    /// <exception cref="NpgsqlException">A chunk could not be read.</exception>
    public async ValueTask CopyNumbersAsync(PostgresSession session, PostgresPool pool, long position, Memory<long> numbers)
    {
        for (; numbers.Length > 0; position = Advance(pool, position, ref numbers))
        {
            var (segment, local, part) = Locate(pool, position, numbers);
            if (segment.Part.Order == PoolOrder.Stored)
                await chunks.CopyNumbersAsync(session, segment, local, part);
            else
                (await GetAsync(segment, session.UseAsync)).CopyNumbers(local, part.Span);
        }
    }

    /// <summary>Copies the numbers at consecutive positions.</summary>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public async ValueTask CopyNumbersAsync(
        PostgresPool pool, long position, Memory<long> numbers, CancellationToken cancellationToken)
    {
        for (; numbers.Length > 0; position = Advance(pool, position, ref numbers))
        {
            var (segment, local, part) = Locate(pool, position, numbers);
            if (segment.Part.Order == PoolOrder.Stored)
                await chunks.CopyNumbersAsync(segment, local, part, cancellationToken);
            else
                (await GetAsync(segment, cancellationToken)).CopyNumbers(local, part.Span);
        }
    }

    /// <summary>Reads the numbers at some positions, which are in ascending order. Caches no chunk.</summary>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public async Task SampleAsync(
        PostgresPool pool, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken)
    {
        for (var start = 0; start < positions.Length;)
        {
            var segment = pool.SegmentAt(positions.Span[start]);
            var local = new List<long>();
            while (start + local.Count < positions.Length && positions.Span[start + local.Count] < segment.End)
                local.Add(positions.Span[start + local.Count] - segment.First);
            await SampleAsync(segment, local.ToArray(), numbers.Slice(start, local.Count), cancellationToken);
            start += local.Count;
        }
    }

    /// <summary>Finds the position of a number of the pool. Caches no chunk.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="number">A number of its range.</param>
    /// <param name="end">The position before which to search.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The position; null if it is not before the end.</returns>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public async Task<long?> FindPositionAsync(
        PostgresPool pool, long number, long end, CancellationToken cancellationToken)
    {
        var segment = pool.Segments.First(segment => segment.Part.Range.Contains(number));
        if (end <= segment.First)
            return null;
        var local = Math.Min(end, segment.End) - segment.First;
        if (segment.Part.Order == PoolOrder.Stored)
            return await chunks.FindPositionAsync(segment, number, local, cancellationToken) + segment.First;
        var found = (await GetAsync(segment, cancellationToken)).PositionOf(number);
        return found < local ? found + segment.First : null;
    }

    /// <summary>Gets the segment of a position, the place there, and how much of the numbers it has.</summary>
    private static (PostgresSegment Segment, long Local, Memory<long> Part) Locate(
        PostgresPool pool, long position, Memory<long> numbers)
    {
        var segment = pool.SegmentAt(position);
        return (segment, position - segment.First, numbers[..(int)Math.Min(numbers.Length, segment.End - position)]);
    }

    /// <summary>Returns the position at which the next segment begins, and cuts off what this one has had.</summary>
    private static long Advance(PostgresPool pool, long position, ref Memory<long> numbers)
    {
        var count = Locate(pool, position, numbers).Part.Length;
        numbers = numbers[count..];
        return position + count;
    }

    private async Task SampleAsync(
        PostgresSegment segment, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken)
    {
        if (segment.Part.Order == PoolOrder.Stored)
        {
            await chunks.SampleAsync(segment, positions, numbers, cancellationToken);
            return;
        }

        var found = await GetAsync(segment, cancellationToken);
        for (var i = 0; i < positions.Length; i++)
            found.CopyNumbers(positions.Span[i], numbers.Span.Slice(i, 1));
    }

    private ValueTask<ComputedNumbers> GetAsync(PostgresSegment segment, CancellationToken cancellationToken) => GetAsync(
        segment,
        read => hosts.ReadAsync(
            async connection =>
            {
                await read(connection);
                return true;
            },
            cancellationToken),
        cancellationToken);

    private async ValueTask<ComputedNumbers> GetAsync(
        PostgresSegment segment,
        Func<Func<NpgsqlConnection, Task>, Task> useAsync,
        CancellationToken cancellationToken = default)
    {
        if (computed.TryGetValue(segment.Commitment, out var known))
            return known;
        byte[]? seed = null;
        await useAsync(async connection => seed = await connection.ScalarAsync<byte[]>(
            SelectSeed, cancellationToken, segment.PoolId, segment.Commitment.Bytes.ToArray()));
        if (seed is null)
        {
            throw new StoreException(StoreFault.Unavailable, $"The pool '{segment.Part.Name}' is another one now; try again.")
            {
                IsTransient = true,
            };
        }

        var numbers = new ComputedNumbers(segment.Part.Range, new Seed(seed));
        // Which one goes does not matter: it is created again when it is needed. Another thread may still use it.
        if (computed.Count >= MaximumComputed)
            computed.TryRemove(computed.Keys.First(), out _);
        return computed.GetOrAdd(segment.Commitment, numbers);
    }
}
