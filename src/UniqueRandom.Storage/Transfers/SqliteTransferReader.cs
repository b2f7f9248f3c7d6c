using Microsoft.Data.Sqlite;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Reads a SQLite file of the present version.</summary>
internal sealed class SqliteTransferReader(SqliteFile file) : ITransferReader
{
    private const string Deliveries = """
        SELECT webhook, pool_id, level, attempted_level, first_attempt_at, last_attempt_at FROM delivery ORDER BY webhook, pool_id
        """;

    public Task<IReadOnlyList<TransferredPool>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TransferredPool>>([.. SqliteInspection.List(file).Select(ToTransferred)]);

    public IAsyncEnumerable<byte[]> ReadChunksAsync(TransferredPool pool, CancellationToken cancellationToken) =>
        ReadChunks(pool.Row).ToAsyncEnumerable();

    public IAsyncEnumerable<DrawLogRow> ReadLogAsync(TransferredPool pool, CancellationToken cancellationToken) =>
        ReadLog(pool.Row.Id).ToAsyncEnumerable();

    public IAsyncEnumerable<TransferredDelivery> ReadDeliveriesAsync(CancellationToken cancellationToken) =>
        ReadDeliveries().ToAsyncEnumerable();

    public Task<long> CountKeysAsync(CancellationToken cancellationToken) =>
        Task.FromResult(file.Connection.Scalar("SELECT COUNT(*) FROM draw WHERE key IS NOT NULL"));

    private static TransferredPool ToTransferred(StoredPool pool)
    {
        var (name, range) = (pool.Definition.Name, pool.Definition.Range);
        return new TransferredPool(
            new PoolRow(
                pool.Id, name, range.Minimum, range.Maximum, pool.Definition.Order == PoolOrder.Computed,
                pool.Definition.Code?.ToString(), (int)pool.State, pool.Cursor, pool.Seed.Bytes.ToArray(),
                pool.Commitment.Bytes.ToArray()),
            pool.CreatedAt,
            pool.ClosedAt);
    }

    private IEnumerable<byte[]> ReadChunks(PoolRow pool)
    {
        using var select = new SqliteStatement(
            file, "SELECT number, offsets, checksum FROM chunk WHERE pool_id = ?1 ORDER BY number");
        select.Bind(1, pool.Id);
        for (var number = 0; number < Chunk.CountOf(pool.Definition.StoredSize); number++)
        {
            var chunk = select.Read() && select.Integer(0) == number ? select.Bytes(1).ToArray() : [];
            if (!Chunk.IsIntact(pool.StoredCommitment, number, pool.Definition.Range.Size, chunk, select.Integer(2)))
                throw Damage.OfChunk(pool.Name, number);
            yield return chunk;
        }
    }

    private IEnumerable<DrawLogRow> ReadLog(long pool)
    {
        using var select = new SqliteStatement(file, $"SELECT {SqliteLog.Columns} FROM draw WHERE pool_id = ?1 ORDER BY first");
        select.Bind(1, pool);
        while (select.Read())
            yield return SqliteLog.RowOf(select);
    }

    private IEnumerable<TransferredDelivery> ReadDeliveries()
    {
        using var command = file.Connection.Command(Deliveries);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var attempts = row.IsDBNull(3) ? null : new DeliveryAttempts(row.GetInt32(3), TimeAt(row, 4), TimeAt(row, 5));
            yield return new TransferredDelivery(row.GetString(0), row.GetInt64(1), new Delivery(row.GetInt32(2), attempts));
        }
    }

    private static DateTimeOffset TimeAt(SqliteDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
