using Npgsql;
using NpgsqlTypes;
using UniqueRandom.Permutations;

namespace UniqueRandom.Storage.Postgres;

/// <summary>Writes chunks of a segment whose pool this session has locked, by binary COPY.</summary>
/// <param name="session">The session.</param>
/// <param name="segment">The segment.</param>
internal sealed class PostgresChunkWriter(PostgresSession session, PostgresSegment segment)
{
    /// <summary>How many chunks share a COPY and its transaction: 512 KiB.</summary>
    public const int AtOnce = 16;

    private const string Copy = "COPY uniquerandom.chunk (pool_id, number, checksum, offsets) FROM STDIN (FORMAT BINARY)";

    private const string Update = "UPDATE uniquerandom.chunk SET checksum = $3, offsets = $4 WHERE pool_id = $1 AND number = $2";

    /// <summary>Writes up to <see cref="AtOnce"/> chunks.</summary>
    /// <exception cref="NpgsqlException">They could not be written.</exception>
    public Task WriteAsync(int first, int end, Func<int, ReadOnlySpan<uint>> offsetsOf)
    {
        // Copied first, because an abandoned COPY may still read its bytes when the memory of the offsets is freed.
        var chunks = Enumerable.Range(first, end - first).Select(number => Encode(number, offsetsOf(number))).ToList();
        return session.UseAsync(connection => CopyAsync(connection, chunks));
    }

    /// <summary>Writes a stored chunk again.</summary>
    /// <exception cref="NpgsqlException">It could not be written.</exception>
    public Task RewriteAsync(int number, ReadOnlySpan<uint> offsets)
    {
        var (_, checksum, bytes) = Encode(number, offsets);
        return session.UseAsync(connection => connection.ExecuteAsync(
            Update, CancellationToken.None, segment.PoolId, segment.FirstChunk + number, checksum, bytes));
    }

    private (int Number, long Checksum, byte[] Bytes) Encode(int number, ReadOnlySpan<uint> offsets)
    {
        var bytes = new byte[offsets.Length * sizeof(uint)];
        Chunk.Encode(offsets, bytes);
        return (number, Chunk.Checksum(segment.Commitment.Bytes, number, bytes), bytes);
    }

    private async Task CopyAsync(NpgsqlConnection connection, List<(int Number, long Checksum, byte[] Bytes)> chunks)
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy);
        foreach (var (number, checksum, bytes) in chunks)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(segment.PoolId, NpgsqlDbType.Integer);
            await copy.WriteAsync(segment.FirstChunk + number, NpgsqlDbType.Integer);
            await copy.WriteAsync(checksum, NpgsqlDbType.Bigint);
            await copy.WriteAsync(bytes, NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }
}
