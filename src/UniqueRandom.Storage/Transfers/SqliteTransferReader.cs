using Microsoft.Data.Sqlite;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Reads a SQLite file of the present version.</summary>
internal sealed class SqliteTransferReader(SqliteFile file) : ITransferReader
{
    private const string Deliveries = """
        SELECT webhook, pool_id, level, attempted_level, first_attempt_at, last_attempt_at, size
        FROM delivery ORDER BY webhook, pool_id
        """;

    public Task<IReadOnlyList<TransferredPool>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TransferredPool>>(
            [.. SqliteInspection.ListRows(file).Select(pool => new TransferredPool(pool.Row, pool.CreatedAt, pool.ClosedAt))]);

    public IAsyncEnumerable<TransferredChunk> ReadChunksAsync(TransferredPool pool, CancellationToken cancellationToken) =>
        ReadChunks(pool).ToAsyncEnumerable();

    public IAsyncEnumerable<DrawLogRow> ReadLogAsync(TransferredPool pool, CancellationToken cancellationToken) =>
        ReadLog(pool.Row.Id).ToAsyncEnumerable();

    public IAsyncEnumerable<TransferredDelivery> ReadDeliveriesAsync(CancellationToken cancellationToken) =>
        ReadDeliveries().ToAsyncEnumerable();

    public Task<long> CountKeysAsync(CancellationToken cancellationToken) =>
        Task.FromResult(file.Connection.Scalar("SELECT COUNT(*) FROM draw WHERE key IS NOT NULL"));

    private IEnumerable<TransferredChunk> ReadChunks(TransferredPool pool)
    {
        using var select = new SqliteStatement(
            file, "SELECT number, offsets, checksum FROM chunk WHERE pool_id = ?1 ORDER BY number");
        select.Bind(1, pool.Row.Id);
        var number = 0;
        foreach (var (commitment, index, size) in pool.Chunks)
        {
            var chunk = select.Read() && select.Integer(0) == number ? select.Bytes(1).ToArray() : [];
            if (!Chunk.IsIntact(commitment, index, size, chunk, select.Integer(2)))
                throw Damage.OfChunk(pool.Row.Name, number);
            yield return new TransferredChunk(chunk, select.Integer(2));
            number++;
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
            var delivery = new Delivery(row.GetInt32(2), row.GetInt64(6), attempts);
            yield return new TransferredDelivery(row.GetString(0), row.GetInt64(1), delivery);
        }
    }

    private static DateTimeOffset TimeAt(SqliteDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
