using Npgsql;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>The part of a pool that never changes.</summary>
internal sealed record PostgresPool(int Id, PoolDefinition Definition, Commitment Commitment)
{
    public MarkKey MarkKey => new(Commitment, Definition.Name);
}

/// <summary>Reads pools in their current state.</summary>
internal static class PostgresPools
{
    private const string Select = """
        SELECT p.id, p.name, p.minimum, p.maximum, p.state, p.cursor, p.seed, p.commitment, p.created_at, p.closed_at,
               CASE WHEN p.state = 0 THEN (SELECT count(*)::integer FROM uniquerandom.chunk c WHERE c.pool_id = p.id) END,
               coalesce((to_jsonb(p) -> 'is_computed')::boolean, false), to_jsonb(p) ->> 'code'
        FROM uniquerandom.pool p
        """;

    /// <summary>Reads the first pools by name, or the first ones after a name.</summary>
    public static async Task<List<(PostgresPool Stored, Pool Pool)>> ListAsync(
        NpgsqlConnection connection, string? after, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            connection.Command($"{Select} WHERE p.name > $1 ORDER BY p.name LIMIT $2", after ?? "", limit), cancellationToken);

    /// <summary>Finds a pool by its name; null if there is none.</summary>
    public static async Task<(PostgresPool Stored, Pool Pool)?> FindAsync(
        NpgsqlConnection connection, string name, CancellationToken cancellationToken) =>
        await ReadAsync(connection.Command($"{Select} WHERE p.name = $1", name), cancellationToken) is [var found] ? found : null;

    /// <summary>Reads all pools, with their seeds.</summary>
    public static async Task<List<(PostgresPool Stored, PoolRow Row)>> ListStoredAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await ReadAsync(connection.Command($"{Select} ORDER BY p.name"), RowOf, cancellationToken);

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
            row.GetFieldValue<byte[]>(7));
        if (stored.Validate() is { } error)
            throw new StoreException(StoreFault.Fatal, Damage.OfPool(stored.Name, error).Message);
        return (new PostgresPool((int)stored.Id, stored.Definition, stored.Commitment), stored);
    }

    private static (PostgresPool Stored, Pool Pool) PoolOf(NpgsqlDataReader row)
    {
        var (key, stored) = RowOf(row);
        var createdAt = row.GetFieldValue<DateTimeOffset>(8);
        var pool = Pool.FromStore(stored.Definition, stored.State, stored.Cursor, stored.Seed, stored.Commitment, createdAt) with
        {
            ClosedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        };
        if (!row.IsDBNull(10))
            pool = pool with { Seeded = Chunk.OffsetsIn(row.GetInt32(10), pool.Definition.Range.Size) };
        return (key, pool);
    }
}
