using System.Runtime.CompilerServices;
using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Reads a PostgreSQL database, row by row.</summary>
internal sealed class PostgresTransferReader(NpgsqlConnection connection) : ITransferReader
{
    private const string Pools = $"""
        SELECT p.id, p.name, p.minimum, p.maximum, p.state, p.cursor, p.seed, p.commitment, p.created_at, p.closed_at,
               p.is_computed, p.code, p.imported, p.imported_sha256, {PostgresSegment.Columns}
        FROM uniquerandom.pool p {PostgresSegment.Join} ORDER BY p.id
        """;

    private const string Chunks =
        "SELECT number, offsets, checksum FROM uniquerandom.chunk WHERE pool_id = $1 ORDER BY number";

    private const string Log = $"SELECT {PostgresLog.Columns} FROM uniquerandom.draw d WHERE d.pool_id = $1 ORDER BY d.first";

    private const string Deliveries = """
        SELECT webhook, pool_id, level, attempted_level, first_attempt_at, last_attempt_at, size
        FROM uniquerandom.delivery ORDER BY webhook, pool_id
        """;

    public async Task<IReadOnlyList<TransferredPool>> ListAsync(CancellationToken cancellationToken)
    {
        var pools = new List<TransferredPool>();
        await foreach (var row in ReadAsync(Pools, [], cancellationToken))
        {
            var stored = new PoolRow(
                row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(10),
                row.IsDBNull(11) ? null : row.GetString(11), row.GetInt16(4), row.GetInt64(5), row.GetFieldValue<byte[]>(6),
                row.GetFieldValue<byte[]>(7))
            {
                ImportedCount = row.IsDBNull(12) ? null : row.GetInt64(12),
                ImportedSha256 = row.IsDBNull(13) ? null : row.GetString(13),
                Extensions = PostgresSegment.RowsOf(row, 14),
            };
            if (stored.Validate() is { } error)
                throw Damage.OfPool(stored.Name, error);
            pools.Add(new TransferredPool(stored, row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(9) ? null : TimeAt(row, 9)));
        }

        return pools;
    }

    public async IAsyncEnumerable<TransferredChunk> ReadChunksAsync(
        TransferredPool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A pending segment has chunks behind these.
        using var expected = pool.Chunks.GetEnumerator();
        var next = 0;
        var hasNext = expected.MoveNext();
        await foreach (var row in ReadAsync(Chunks, [(int)pool.Row.Id], cancellationToken))
        {
            if (!hasNext)
                break;
            var (chunk, checksum) = (row.GetFieldValue<byte[]>(1), row.GetInt64(2));
            var (commitment, index, size) = expected.Current;
            if (row.GetInt32(0) != next || !Chunk.IsIntact(commitment, index, size, chunk, checksum))
                throw Damage.OfChunk(pool.Row.Name, next);
            yield return new TransferredChunk(chunk, checksum);
            next++;
            hasNext = expected.MoveNext();
        }

        if (hasNext)
            throw Damage.OfChunk(pool.Row.Name, next);
    }

    public async IAsyncEnumerable<DrawLogRow> ReadLogAsync(
        TransferredPool pool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in ReadAsync(Log, [(int)pool.Row.Id], cancellationToken))
            yield return PostgresLog.RowOf(row, 0);
    }

    public async IAsyncEnumerable<TransferredDelivery> ReadDeliveriesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in ReadAsync(Deliveries, [], cancellationToken))
        {
            var attempts = row.IsDBNull(3) ? null : new DeliveryAttempts(row.GetInt16(3), TimeAt(row, 4), TimeAt(row, 5));
            var delivery = new Delivery(row.GetInt16(2), row.GetInt64(6), attempts);
            yield return new TransferredDelivery(row.GetString(0), row.GetInt32(1), delivery);
        }
    }

    public async Task<long> CountKeysAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.Command("SELECT count(*) FROM uniquerandom.draw WHERE key IS NOT NULL");
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static DateTimeOffset TimeAt(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    private async IAsyncEnumerable<NpgsqlDataReader> ReadAsync(
        string sql, object[] parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql, parameters);
        // The other end may take its time.
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            yield return row;
    }
}
