using Npgsql;
using NpgsqlTypes;
using UniqueRandom.Draws;

namespace UniqueRandom.Storage.Transfers;

/// <summary>Writes into empty tables of PostgreSQL by binary COPY.</summary>
internal sealed class PostgresTransferWriter(NpgsqlConnection connection) : ITransferWriter
{
    public async Task WritePoolsAsync(IReadOnlyList<TransferredPool> pools, CancellationToken cancellationToken)
    {
        await WriteRowsAsync(pools, cancellationToken);
        await CopyAsync(
            "segment (pool_id, minimum, maximum, is_computed, seed, commitment, created_at, is_ready, key, caller)",
            pools.SelectMany(pool => pool.Row.Extensions, (pool, row) => (pool.Row.Id, Row: row)).ToAsyncEnumerable(),
            async (copy, segment, _) =>
            {
                await copy.WriteAsync((int)segment.Id, NpgsqlDbType.Integer, cancellationToken);
                await copy.WriteAsync(segment.Row.Minimum, NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync(segment.Row.Maximum, NpgsqlDbType.Bigint, cancellationToken);
                await copy.WriteAsync(segment.Row.IsComputed, NpgsqlDbType.Boolean, cancellationToken);
                await copy.WriteAsync(segment.Row.StoredSeed, NpgsqlDbType.Bytea, cancellationToken);
                await copy.WriteAsync(segment.Row.StoredCommitment, NpgsqlDbType.Bytea, cancellationToken);
                await WriteAsync(copy, segment.Row.CreatedAt, cancellationToken);
                await copy.WriteAsync(segment.Row.IsReady, NpgsqlDbType.Boolean, cancellationToken);
                await WriteAsync(copy, segment.Row.Key, cancellationToken);
                await WriteAsync(copy, segment.Row.Caller, cancellationToken);
            },
            cancellationToken);
    }

    private Task WriteRowsAsync(IReadOnlyList<TransferredPool> pools, CancellationToken cancellationToken) => CopyAsync(
        "pool (id, name, minimum, maximum, is_computed, code, state, cursor, seed, commitment, created_at, closed_at, imported, "
            + "imported_sha256)",
        pools.ToAsyncEnumerable(),
        async (copy, pool, _) =>
        {
            await copy.WriteAsync(checked((int)pool.Row.Id), NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(pool.Row.Name, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(pool.Row.Minimum, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(pool.Row.Maximum, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(pool.Row.IsComputed, NpgsqlDbType.Boolean, cancellationToken);
            await WriteAsync(copy, pool.Row.StoredCode, cancellationToken);
            await copy.WriteAsync((short)pool.Row.StoredState, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(pool.Row.Cursor, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(pool.Row.StoredSeed, NpgsqlDbType.Bytea, cancellationToken);
            await copy.WriteAsync(pool.Row.StoredCommitment, NpgsqlDbType.Bytea, cancellationToken);
            await WriteAsync(copy, pool.CreatedAt, cancellationToken);
            await WriteAsync(copy, pool.ClosedAt, cancellationToken);
            if (pool.Row.ImportedCount is { } imported)
                await copy.WriteAsync(imported, NpgsqlDbType.Bigint, cancellationToken);
            else
                await copy.WriteNullAsync(cancellationToken);
            await WriteAsync(copy, pool.Row.ImportedSha256, cancellationToken);
        }, cancellationToken);

    public Task WriteChunksAsync(
        TransferredPool pool, IAsyncEnumerable<TransferredChunk> chunks, CancellationToken cancellationToken) => CopyAsync(
        "chunk (pool_id, number, checksum, offsets)",
        chunks,
        async (copy, chunk, number) =>
        {
            await copy.WriteAsync((int)pool.Row.Id, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(chunk.Checksum, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(chunk.Bytes, NpgsqlDbType.Bytea, cancellationToken);
        }, cancellationToken);

    public Task WriteLogAsync(
        TransferredPool pool, IAsyncEnumerable<DrawLogRow> rows, CancellationToken cancellationToken) => CopyAsync(
        "draw (pool_id, first, count, drawn_at, reference, key, caller)",
        rows,
        async (copy, row, _) =>
        {
            await copy.WriteAsync((int)pool.Row.Id, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(row.First, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(row.Count, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(copy, row.DrawnAt, cancellationToken);
            await WriteAsync(copy, row.Reference, cancellationToken);
            await WriteAsync(copy, row.Key, cancellationToken);
            await WriteAsync(copy, row.Caller ?? "", cancellationToken);
        }, cancellationToken);

    public Task WriteDeliveriesAsync(
        IAsyncEnumerable<TransferredDelivery> deliveries, CancellationToken cancellationToken) => CopyAsync(
        "delivery (webhook, pool_id, level, attempted_level, first_attempt_at, last_attempt_at, size)",
        deliveries,
        async (copy, row, _) =>
        {
            await WriteAsync(copy, row.Webhook, cancellationToken);
            await copy.WriteAsync((int)row.PoolId, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync((short)row.Delivery.Level, NpgsqlDbType.Smallint, cancellationToken);
            if (row.Delivery.Attempts is { } attempts)
                await copy.WriteAsync((short)attempts.Level, NpgsqlDbType.Smallint, cancellationToken);
            else
                await copy.WriteNullAsync(cancellationToken);
            await WriteAsync(copy, row.Delivery.Attempts?.First, cancellationToken);
            await WriteAsync(copy, row.Delivery.Attempts?.Last, cancellationToken);
            await copy.WriteAsync(row.Delivery.Size, NpgsqlDbType.Bigint, cancellationToken);
        }, cancellationToken);

    private async Task CopyAsync<T>(
        string columns,
        IAsyncEnumerable<T> items,
        Func<NpgsqlBinaryImporter, T, int, Task> writeAsync,
        CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY uniquerandom.{columns} FROM STDIN (FORMAT BINARY)", cancellationToken);
        copy.Timeout = Timeout.InfiniteTimeSpan;
        var count = 0;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            await writeAsync(copy, item, count++);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken cancellationToken) => text is null
        ? copy.WriteNullAsync(cancellationToken)
        : copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);

    private static Task WriteAsync(
        NpgsqlBinaryImporter copy, DateTimeOffset? time, CancellationToken cancellationToken) => time is null
        ? copy.WriteNullAsync(cancellationToken)
        : copy.WriteAsync(time.Value, NpgsqlDbType.TimestampTz, cancellationToken);
}
