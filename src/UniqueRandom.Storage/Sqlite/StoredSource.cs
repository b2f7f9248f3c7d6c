using UniqueRandom.Permutations;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Reads the numbers of a segment from its chunks, and keeps the last chunk.</summary>
internal sealed class StoredSource(StoredSegment segment) : NumberSource
{
    /// <summary>How many chunks are searched at once, which takes about 100 microseconds.</summary>
    private const int ChunksAtOnce = 8;

    private byte[] bytes = [];
    private int loaded = -1;

    public override long NumberAt(long position, ChunkReader chunks)
    {
        var (chunk, place) = Chunk.Locate(position);
        Load(chunk, chunks);
        return segment.Part.Range.NumberAt(Chunk.OffsetAt(bytes, place));
    }

    public override void CopyNumbers(long position, Span<long> numbers, ChunkReader chunks)
    {
        var range = segment.Part.Range;
        while (numbers.Length > 0)
        {
            var (chunk, place) = Chunk.Locate(position);
            Load(chunk, chunks);
            var count = Math.Min(numbers.Length, Chunk.Length - place);
            for (var i = 0; i < count; i++)
                numbers[i] = range.NumberAt(Chunk.OffsetAt(bytes, place + i));
            numbers = numbers[count..];
            position += count;
        }
    }

    public override bool Search(long number, long end, int part, ChunkReader chunks, out long? position)
    {
        position = null;
        var offset = (uint)segment.Part.Range.OffsetOf(number);
        for (var chunk = part * ChunksAtOnce; chunk < (part + 1) * ChunksAtOnce; chunk++)
        {
            var length = Math.Min(end - (long)chunk * Chunk.Length, Chunk.Length);
            if (length <= 0)
                return false;
            if (chunks.PlaceOf(offset, segment, chunk, (int)length) is >= 0 and var place)
            {
                position = (long)chunk * Chunk.Length + place;
                return false;
            }
        }

        return true;
    }

    private void Load(int wanted, ChunkReader chunks)
    {
        if (wanted == loaded)
            return;

        if (bytes.Length == 0)
            bytes = new byte[Chunk.Length * sizeof(uint)];
        loaded = -1;
        chunks.Read(segment, wanted, bytes);
        loaded = wanted;
    }
}
