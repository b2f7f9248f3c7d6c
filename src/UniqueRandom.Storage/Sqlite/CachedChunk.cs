using UniqueRandom.Permutations;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Caches the last chunk that was read: most draws read it again. Guarded by the store's gate.</summary>
internal sealed class CachedChunk
{
    private byte[] bytes = [];
    private int number = -1;

    /// <summary>Reads the number at a position.</summary>
    /// <exception cref="StoreException">Its chunk is missing or does not match its checksum.</exception>
    public long NumberAt(long position, StoredPool pool, ChunkReader chunks)
    {
        var (chunk, place) = Chunk.Locate(position);
        Load(chunk, pool, chunks);
        return pool.Definition.Range.NumberAt(Chunk.OffsetAt(bytes, place));
    }

    /// <summary>Reads the numbers at consecutive positions.</summary>
    /// <exception cref="StoreException">A chunk is missing or does not match its checksum.</exception>
    public void CopyNumbers(long position, Span<long> numbers, StoredPool pool, ChunkReader chunks)
    {
        var range = pool.Definition.Range;
        while (numbers.Length > 0)
        {
            var (chunk, place) = Chunk.Locate(position);
            Load(chunk, pool, chunks);
            var count = Math.Min(numbers.Length, Chunk.Length - place);
            for (var i = 0; i < count; i++)
                numbers[i] = range.NumberAt(Chunk.OffsetAt(bytes, place + i));
            numbers = numbers[count..];
            position += count;
        }
    }

    private void Load(int wanted, StoredPool pool, ChunkReader chunks)
    {
        if (wanted == number)
            return;

        if (bytes.Length == 0)
            bytes = new byte[Chunk.Length * sizeof(uint)];
        number = -1;
        chunks.Read(pool, wanted, bytes);
        number = wanted;
    }
}
