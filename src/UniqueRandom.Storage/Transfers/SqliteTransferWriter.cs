using UniqueRandom.Draws;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Writes into an empty SQLite file, in transactions of bounded size.</summary>
internal sealed class SqliteTransferWriter(SqliteFile file) : ITransferWriter
{
    /// <summary>How many chunks share a transaction: 4 MiB.</summary>
    private const int ChunksAtOnce = 128;

    /// <summary>How many rows share a transaction: about 4 MB.</summary>
    private const int RowsAtOnce = 40_000;

    private const string AddPool = """
        INSERT INTO pool (
            id, name, minimum, maximum, state, cursor, seed, commitment, created_at, closed_at, is_computed, code, imported,
            imported_sha256)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        """;

    private const string AddChunk = "INSERT INTO chunk (pool_id, number, checksum, offsets) VALUES (?1, ?2, ?3, ?4)";

    private const string AddRow = """
        INSERT INTO draw (pool_id, first, count, drawn_at, reference, key, caller) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """;

    private const string AddDelivery = """
        INSERT INTO delivery (webhook, pool_id, level, attempted_level, first_attempt_at, last_attempt_at, size)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """;

    private const string AddSegment = """
        INSERT INTO segment (pool_id, minimum, maximum, is_computed, seed, commitment, created_at, is_ready, key, caller)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    public async Task WritePoolsAsync(IReadOnlyList<TransferredPool> pools, CancellationToken cancellationToken)
    {
        await WriteRowsAsync(pools, cancellationToken);
        var segments = pools.SelectMany(pool => pool.Row.Extensions, (pool, segment) => (pool.Row.Id, Row: segment));
        await WriteAsync(AddSegment, RowsAtOnce, segments.ToAsyncEnumerable(), (insert, segment, _) => insert
            .Bind(1, segment.Id)
            .Bind(2, segment.Row.Minimum)
            .Bind(3, segment.Row.Maximum)
            .Bind(4, segment.Row.IsComputed ? 1 : 0)
            .Bind(5, segment.Row.StoredSeed)
            .Bind(6, segment.Row.StoredCommitment)
            .Bind(7, segment.Row.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(8, segment.Row.IsReady ? 1 : 0)
            .Bind(9, segment.Row.Key)
            .Bind(10, segment.Row.Caller), cancellationToken);
    }

    private Task WriteRowsAsync(IReadOnlyList<TransferredPool> pools, CancellationToken cancellationToken) => WriteAsync(
        AddPool, RowsAtOnce, pools.ToAsyncEnumerable(), (insert, pool, _) => insert
            .Bind(1, pool.Row.Id)
            .Bind(2, pool.Row.Name)
            .Bind(3, pool.Row.Minimum)
            .Bind(4, pool.Row.Maximum)
            .Bind(5, pool.Row.StoredState)
            .Bind(6, pool.Row.Cursor)
            .Bind(7, pool.Row.StoredSeed)
            .Bind(8, pool.Row.StoredCommitment)
            .Bind(9, pool.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(10, pool.ClosedAt?.ToUnixTimeMilliseconds())
            .Bind(11, pool.Row.IsComputed ? 1 : 0)
            .Bind(12, pool.Row.StoredCode)
            .Bind(13, pool.Row.ImportedCount)
            .Bind(14, pool.Row.ImportedSha256), cancellationToken);

    public Task WriteChunksAsync(
        TransferredPool pool, IAsyncEnumerable<TransferredChunk> chunks, CancellationToken cancellationToken) => WriteAsync(
        AddChunk, ChunksAtOnce, chunks, (insert, chunk, number) => insert
            .Bind(1, pool.Row.Id)
            .Bind(2, number)
            .Bind(3, chunk.Checksum)
            .Bind(4, chunk.Bytes), cancellationToken);

    public Task WriteLogAsync(
        TransferredPool pool, IAsyncEnumerable<DrawLogRow> rows, CancellationToken cancellationToken) => WriteAsync(
        AddRow, RowsAtOnce, rows, (insert, row, _) => insert
            .Bind(1, pool.Row.Id)
            .Bind(2, row.First)
            .Bind(3, row.Count)
            .Bind(4, row.DrawnAt.ToUnixTimeMilliseconds())
            .Bind(5, row.Reference)
            .Bind(6, row.Key)
            .Bind(7, row.Caller ?? ""), cancellationToken);

    public Task WriteDeliveriesAsync(
        IAsyncEnumerable<TransferredDelivery> deliveries, CancellationToken cancellationToken) => WriteAsync(
        AddDelivery, RowsAtOnce, deliveries, (insert, row, _) => insert
            .Bind(1, row.Webhook)
            .Bind(2, row.PoolId)
            .Bind(3, row.Delivery.Level)
            .Bind(4, row.Delivery.Attempts?.Level)
            .Bind(5, row.Delivery.Attempts?.First.ToUnixTimeMilliseconds())
            .Bind(6, row.Delivery.Attempts?.Last.ToUnixTimeMilliseconds())
            .Bind(7, row.Delivery.Size), cancellationToken);

    private async Task WriteAsync<T>(
        string sql,
        int atOnce,
        IAsyncEnumerable<T> items,
        Func<SqliteStatement, T, int, SqliteStatement> bind,
        CancellationToken cancellationToken)
    {
        using SqliteStatement begin = new(file, "BEGIN IMMEDIATE"), commit = new(file, "COMMIT"), insert = new(file, sql);
        var count = 0;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            if (count % atOnce == 0)
                begin.Run();
            bind(insert, item, count).Run();
            count++;
            if (count % atOnce == 0)
                commit.Run();
        }

        if (count % atOnce != 0)
            commit.Run();
    }
}
