using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>A pool with the segments that belong to it. Immutable: an extension makes another one of it.</summary>
internal sealed class PostgresPool(PoolDefinition definition, IReadOnlyList<PostgresSegment> segments)
{
    public int Id => segments[0].PoolId;

    public PoolDefinition Definition => definition;

    public Commitment Commitment => segments[0].Commitment;

    public IReadOnlyList<PostgresSegment> Segments => segments;

    public MarkKey MarkKey => new(Commitment, definition.Name);

    /// <summary>How many numbers are stored.</summary>
    public long StoredSize => segments.Sum(segment => segment.Part.StoredSize);

    /// <summary>Gets the segment that has a position.</summary>
    public PostgresSegment SegmentAt(long position)
    {
        var i = segments.Count - 1;
        while (segments[i].First > position)
            i--;
        return segments[i];
    }

    public static PostgresPool Of(PoolRow row) =>
        new(row.Definition, [.. PostgresSegment.Of(row).Take(1 + row.Extensions.Count(extension => extension.IsReady))]);
}

/// <summary>Reads pools in their current state.</summary>
internal static class PostgresPools
{
    // Chunks are stored in order, so the last one tells how many there are.
    private const string Columns = $"""
        SELECT p.id, p.name, p.minimum, p.maximum, p.state, p.cursor, p.seed, p.commitment, p.created_at, p.closed_at,
               CASE WHEN p.state = 0 OR NOT s.is_ready[cardinality(s.is_ready)]
                   THEN (SELECT coalesce(max(c.number) + 1, 0) FROM uniquerandom.chunk c WHERE c.pool_id = p.id) END,
               coalesce((to_jsonb(p) -> 'is_computed')::boolean, false), to_jsonb(p) ->> 'code',
               (to_jsonb(p) ->> 'imported')::bigint, to_jsonb(p) ->> 'imported_sha256',
               {PostgresSegment.Columns}
        FROM uniquerandom.pool p
        """;

    private const int SegmentColumns = 15;

    private const string Select = $"{Columns} {PostgresSegment.Join}";

    private const string SelectAll = "ORDER BY p.name";

    /// <summary>Reads the first pools by name, or the first ones after a name.</summary>
    public static async Task<List<(PostgresPool Stored, Pool Pool)>> ListAsync(
        NpgsqlConnection connection, string? after, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            connection.Command($"{Select} WHERE p.name > $1 ORDER BY p.name LIMIT $2", after ?? "", limit), cancellationToken);

    /// <summary>Finds a pool by its name; null if there is none.</summary>
    public static async Task<(PostgresPool Stored, Pool Pool)?> FindAsync(
        NpgsqlConnection connection, string name, CancellationToken cancellationToken) =>
        await ReadAsync(connection.Command($"{Select} WHERE p.name = $1", name), cancellationToken) is [var found] ? found : null;

    /// <inheritdoc cref="ListStoredAsync(NpgsqlConnection, CancellationToken)"/>
    public static Task<List<(PostgresPool Stored, PoolRow Row)>> ListStoredAsync(
        PostgresHosts hosts, CancellationToken cancellationToken) =>
        hosts.ReadAsync(connection => ListStoredAsync(connection, cancellationToken), cancellationToken);

    /// <summary>Reads all pools, with their seeds.</summary>
    public static async Task<List<(PostgresPool Stored, PoolRow Row)>> ListStoredAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(connection.Command($"{Select} {SelectAll}"), RowOf, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The schema is older than extensions, and is verified before it is upgraded.
            var select = connection.Command($"{Columns} {PostgresSegment.JoinNone} {SelectAll}");
            return await ReadAsync(select, RowOf, cancellationToken);
        }
    }

    /// <summary>Reads pools by their names, with their seeds.</summary>
    public static async Task<List<(PostgresPool Stored, PoolRow Row)>> ListStoredAsync(
        NpgsqlConnection connection, string[] names) =>
        await ReadAsync(
            connection.Command($"{Select} WHERE p.name = ANY($1)", (object)names), RowOf, CancellationToken.None);

    private static Task<List<(PostgresPool Stored, Pool Pool)>> ReadAsync(
        NpgsqlCommand command, CancellationToken cancellationToken) => ReadAsync(command, PoolOf, cancellationToken);

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var select = command;
        await using var row = await select.ExecuteReaderAsync(cancellationToken);
        var pools = new List<T>();
        while (await row.ReadAsync(cancellationToken))
            pools.Add(read(row));
        return pools;
    }

    private static (PostgresPool Stored, PoolRow Row) RowOf(NpgsqlDataReader row)
    {
        var stored = new PoolRow(
            row.GetInt32(0),
            row.GetString(1),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetBoolean(11),
            row.IsDBNull(12) ? null : row.GetString(12),
            row.GetInt16(4),
            row.GetInt64(5),
            row.GetFieldValue<byte[]>(6),
            row.GetFieldValue<byte[]>(7))
        {
            ImportedCount = row.IsDBNull(13) ? null : row.GetInt64(13),
            ImportedSha256 = row.IsDBNull(14) ? null : row.GetString(14),
            Extensions = PostgresSegment.RowsOf(row, SegmentColumns),
        };
        if (stored.Validate() is { } error)
            throw new StoreException(StoreFault.Fatal, Damage.OfPool(stored.Name, error).Message);
        return (PostgresPool.Of(stored), stored);
    }

    private static (PostgresPool Stored, Pool Pool) PoolOf(NpgsqlDataReader row)
    {
        var (key, stored) = RowOf(row);
        var (createdAt, chunks) = (row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(10) ? 0 : row.GetInt32(10));
        var pool = Pool.FromStore(
            stored.Definition, stored.State, stored.Cursor, stored.Seed, stored.Commitment, createdAt,
            ExtensionsOf(stored, chunks)) with
        {
            Imported = stored.Imported,
            ClosedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        };
        if (pool.State == PoolState.Seeding)
            pool = pool with { Seeded = Chunk.OffsetsIn(chunks, pool.Definition.Range.Size) };
        return (key, pool);
    }

    private static PoolSegment[] ExtensionsOf(PoolRow pool, int chunks)
    {
        if (pool.Extensions.Count == 0)
            return [];
        return [.. PostgresSegment.Of(pool).Skip(1).Zip(pool.Extensions, (segment, row) =>
            new PoolSegment(segment.First, row.Range, row.Order, row.Commitment, row.CreatedAt)
            {
                IsReady = row.IsReady,
                Seeded = row.IsReady
                    ? row.Range.Size
                    : Chunk.OffsetsIn(Math.Max(0, chunks - segment.FirstChunk), row.Range.Size),
                Seed = row.Seed,
            })];
    }
}
