using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Reads and verifies the chunks of segments, and caches the most recently used ones, up to 8 MB. Thread-safe.</summary>
/// <remarks>The cache is keyed by commitment and not by pool: an id may belong to another pool after a failover.</remarks>
internal sealed class PostgresChunks(PostgresHosts hosts)
{
    /// <summary>How many chunks a search or a sample reads at once: 2 MB.</summary>
    public const int ReadAtOnce = 64;

    private const int MaximumCached = 256;

    /// <summary>How many chunks are read at once: draws need the next ones soon.</summary>
    private const int ReadAhead = 8;

    private const string Select =
        "SELECT number, checksum, offsets FROM uniquerandom.chunk WHERE pool_id = $1 AND number = ANY ($2) ORDER BY number";

    private readonly Lock gate = new();
    private readonly Dictionary<(Commitment Pool, int Number), LinkedListNode<CachedChunk>> cached = [];
    private readonly LinkedList<CachedChunk> byUse = [];

    /// <summary>Gets the number at a position, for a draw.</summary>
    /// <param name="session">Reads the chunk if it is not cached, so that the deadline of the batch applies.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="position">The position.</param>
    /// <exception cref="StoreException">The chunk is missing, or does not match its checksum.</exception>
    /// <exception cref="NpgsqlException">The chunk could not be read.</exception>
    public async ValueTask<long> NumberAtAsync(PostgresSession session, PostgresSegment segment, long position)
    {
        var (chunk, place) = Chunk.Locate(position);
        var bytes = Find(segment.Commitment, chunk) ?? await GetAsync(segment, chunk, session.UseAsync, CancellationToken.None);
        return segment.Part.Range.NumberAt(Chunk.OffsetAt(bytes, place));
    }

    /// <summary>Copies the numbers at consecutive positions, for a draw.</summary>
    /// <exception cref="StoreException">A chunk is missing, or does not match its checksum.</exception>
    /// <exception cref="NpgsqlException">A chunk could not be read.</exception>
    public ValueTask CopyNumbersAsync(PostgresSession session, PostgresSegment segment, long position, Memory<long> numbers) =>
        CopyNumbersAsync(segment, position, numbers, session.UseAsync, CancellationToken.None);

    /// <summary>Copies the numbers at consecutive positions.</summary>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public ValueTask CopyNumbersAsync(
        PostgresSegment segment, long position, Memory<long> numbers, CancellationToken cancellationToken) =>
        CopyNumbersAsync(segment, position, numbers, read => UseAnyAsync(read, cancellationToken), cancellationToken);

    /// <summary>Reads consecutive chunks in order. Caches none.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="first">The first chunk.</param>
    /// <param name="end">The chunk after the last one.</param>
    /// <param name="take">Receives each verified chunk.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public Task ReadAsync(
        PostgresSegment segment, int first, int end, Action<int, byte[]> take, CancellationToken cancellationToken) =>
        UseAnyAsync(
            connection => ReadAsync(connection, segment, [.. Enumerable.Range(first, end - first)], take, cancellationToken),
            cancellationToken);

    /// <summary>Reads the imported numbers of a segment. Caches no chunk.</summary>
    /// <returns>The chunks with the numbers, which the caller disposes; null if it has none.</returns>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public Task<ImportedChunks?> ReadImportedAsync(
        PostgresSegment segment, ImportedList? list, CancellationToken cancellationToken) =>
        ReadImportedAsync(segment, list, read => UseAnyAsync(read, cancellationToken), cancellationToken);

    /// <summary>Reads the imported numbers of a segment in a session.</summary>
    /// <exception cref="StoreException">A chunk is missing, or does not match its checksum.</exception>
    /// <exception cref="NpgsqlException">A chunk could not be read.</exception>
    public static async Task<ImportedChunks?> ReadImportedAsync(
        PostgresSegment segment,
        ImportedList? list,
        Func<Func<NpgsqlConnection, Task>, Task> useAsync,
        CancellationToken cancellationToken)
    {
        if (list is null)
            return null;
        var imported = new ImportedChunks(segment.Part, list);
        foreach (var some in Enumerable.Range(0, imported.Count).Chunk(ReadAtOnce))
        {
            await useAsync(connection => ReadAsync(
                connection, segment, some, (number, bytes) => imported.Add(number, bytes), cancellationToken));
        }

        return imported;
    }

    /// <summary>Finds the position of a number. Caches no chunk.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="number">A number of its range.</param>
    /// <param name="end">The position before which to search.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The position; null if it is not before the end.</returns>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public async Task<long?> FindPositionAsync(
        PostgresSegment segment, long number, long end, CancellationToken cancellationToken)
    {
        var offset = (uint)segment.Part.Range.OffsetOf(number);
        long? position = null;
        for (int first = 0, last = Chunk.CountOf(end); first < last && position is null; first += ReadAtOnce)
        {
            await ReadAsync(segment, first, Math.Min(first + ReadAtOnce, last), (chunk, bytes) =>
            {
                var searched = (int)Math.Min(end - (long)chunk * Chunk.Length, bytes.Length / sizeof(uint));
                if (Chunk.PlaceOf(offset, bytes.AsSpan(0, searched * sizeof(uint))) is >= 0 and var place)
                    position = (long)chunk * Chunk.Length + place;
            }, cancellationToken);
        }

        return position;
    }

    /// <summary>Reads the numbers at some positions. Caches no chunk.</summary>
    /// <exception cref="StoreException">A chunk could not be read, is missing, or does not match its checksum.</exception>
    public async Task SampleAsync(
        PostgresSegment segment, ReadOnlyMemory<long> positions, Memory<long> numbers, CancellationToken cancellationToken)
    {
        var places = Enumerable.Range(0, positions.Length).ToLookup(i => Chunk.Locate(positions.Span[i]).Index);
        foreach (var some in places.Select(chunk => chunk.Key).Order().Chunk(ReadAtOnce))
        {
            await UseAnyAsync(
                connection => ReadAsync(connection, segment, some, Take, cancellationToken),
                cancellationToken);
        }

        void Take(int chunk, byte[] bytes)
        {
            foreach (var i in places[chunk])
            {
                var place = Chunk.Locate(positions.Span[i]).Place;
                numbers.Span[i] = segment.Part.Range.NumberAt(Chunk.OffsetAt(bytes, place));
            }
        }
    }

    private static async Task ReadAsync(
        NpgsqlConnection connection,
        PostgresSegment segment,
        int[] wanted,
        Action<int, byte[]> take,
        CancellationToken cancellationToken)
    {
        var numbers = Array.ConvertAll(wanted, number => segment.FirstChunk + number);
        await using var command = connection.Command(Select, segment.PoolId, numbers);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        foreach (var number in wanted)
        {
            var isThere = await row.ReadAsync(cancellationToken)
                && row.GetInt32(0) == segment.FirstChunk + number;
            var bytes = isThere ? row.GetFieldValue<byte[]>(2) : [];
            if (!isThere || !Chunk.IsIntact(segment.Commitment.Bytes, number, segment.Part.Range.Size, bytes, row.GetInt64(1)))
                throw Damage.OfChunk(segment.Part.Name, segment.FirstChunk + number);
            take(number, bytes);
        }
    }

    private Task<bool> UseAnyAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken) => hosts.ReadAsync(
        async connection =>
        {
            await work(connection);
            return true;
        },
        cancellationToken);

    private async ValueTask CopyNumbersAsync(
        PostgresSegment segment,
        long position,
        Memory<long> numbers,
        Func<Func<NpgsqlConnection, Task>, Task> useAsync,
        CancellationToken cancellationToken)
    {
        while (numbers.Length > 0)
        {
            var (chunk, place) = Chunk.Locate(position);
            var bytes = await GetAsync(segment, chunk, useAsync, cancellationToken);
            var count = Math.Min(numbers.Length, Chunk.Length - place);
            for (var i = 0; i < count; i++)
                numbers.Span[i] = segment.Part.Range.NumberAt(Chunk.OffsetAt(bytes, place + i));
            numbers = numbers[count..];
            position += count;
        }
    }

    private async ValueTask<byte[]> GetAsync(
        PostgresSegment segment,
        int number,
        Func<Func<NpgsqlConnection, Task>, Task> useAsync,
        CancellationToken cancellationToken)
    {
        if (Find(segment.Commitment, number) is { } found)
            return found;

        byte[]? first = null;
        var end = Math.Min(number + ReadAhead, Chunk.CountOf(segment.Part.Range.Size));
        int[] wanted = [.. Enumerable.Range(number, end - number)];
        await useAsync(connection => ReadAsync(connection, segment, wanted, (read, bytes) =>
        {
            first ??= bytes;
            Cache(segment.Commitment, read, bytes);
        }, cancellationToken));
        return first!;
    }

    private byte[]? Find(Commitment pool, int number)
    {
        lock (gate)
        {
            if (!cached.TryGetValue((pool, number), out var node))
                return null;
            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Bytes;
        }
    }

    private void Cache(Commitment pool, int number, byte[] bytes)
    {
        lock (gate)
        {
            if (cached.ContainsKey((pool, number)))
                return;
            cached.Add((pool, number), byUse.AddFirst(new CachedChunk(pool, number, bytes)));
            if (cached.Count <= MaximumCached)
                return;
            var oldest = byUse.Last!.Value;
            cached.Remove((oldest.Pool, oldest.Number));
            byUse.RemoveLast();
        }
    }

    private sealed record CachedChunk(Commitment Pool, int Number, byte[] Bytes);
}
