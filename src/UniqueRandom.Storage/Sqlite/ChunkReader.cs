using UniqueRandom.Permutations;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Reads chunks and verifies them. Guarded by the store's gate.</summary>
internal sealed class ChunkReader(SqliteFile file) : IDisposable
{
    private readonly SqliteStatement select = new(file, "SELECT offsets, checksum FROM chunk WHERE pool_id = ?1 AND number = ?2");

    /// <summary>Reads a chunk of a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="number">The 0-based index of the chunk in the segment.</param>
    /// <param name="chunk">Receives the bytes; at least as long as a full chunk.</param>
    /// <exception cref="StoreException">The chunk is missing, of a wrong length, or does not match its checksum.</exception>
    public void Read(StoredSegment segment, int number, Span<byte> chunk)
    {
        using var found = Select(segment, number);
        found.Bytes.CopyTo(chunk);
    }

    /// <summary>Finds an offset among the first ones of a chunk.</summary>
    /// <returns>Its 0-based place in the chunk; -1 if it is not found.</returns>
    /// <exception cref="StoreException">The chunk is missing, of a wrong length, or does not match its checksum.</exception>
    public int PlaceOf(uint offset, StoredSegment segment, int number, int length)
    {
        using var found = Select(segment, number);
        return Chunk.PlaceOf(offset, found.Bytes[..(length * sizeof(uint))]);
    }

    /// <summary>Verifies a chunk against its checksum and, if it is given, the order of the seed.</summary>
    /// <exception cref="StoreException">
    /// The chunk is missing, of a wrong length, does not match its checksum, or is not of the order.
    /// </exception>
    public void Verify(StoredSegment segment, int number, OrderVerification? order)
    {
        using var found = Select(segment, number);
        order?.Verify(number, found.Bytes);
    }

    public void Dispose() => select.Dispose();

    private Selection Select(StoredSegment segment, int number)
    {
        var found = new Selection(
            select, select.Bind(1, segment.PoolId).Bind(2, segment.FirstChunk + number).Read() ? select.Bytes(0) : default);
        if (Chunk.IsIntact(segment.Commitment.Bytes, number, segment.Part.Range.Size, found.Bytes, select.Integer(1)))
            return found;

        found.Dispose();
        throw Damage.OfChunk(segment.Part.Name, segment.FirstChunk + number);
    }

    /// <summary>Bytes in SQLite's memory, valid until the statement is reset.</summary>
    private readonly ref struct Selection(SqliteStatement statement, ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Bytes { get; } = bytes;

        public void Dispose() => statement.Reset();
    }
}
