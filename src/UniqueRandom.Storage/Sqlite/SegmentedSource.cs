namespace UniqueRandom.Storage.Sqlite;

/// <summary>The numbers of an extended pool: those of one segment after another.</summary>
/// <param name="segments">The segments.</param>
internal sealed class SegmentedSource(IReadOnlyList<StoredSegment> segments) : NumberSource
{
    private readonly NumberSource[] sources = [.. segments.Select(Of)];

    /// <summary>The segment that was read last.</summary>
    private int last;

    public override long NumberAt(long position, ChunkReader chunks)
    {
        var segment = Locate(position);
        return sources[last].NumberAt(position - segment.First, chunks);
    }

    public override void CopyNumbers(long position, Span<long> numbers, ChunkReader chunks)
    {
        while (numbers.Length > 0)
        {
            var segment = Locate(position);
            var count = (int)Math.Min(numbers.Length, segment.End - position);
            sources[last].CopyNumbers(position - segment.First, numbers[..count], chunks);
            numbers = numbers[count..];
            position += count;
        }
    }

    public override bool Search(long number, long end, int part, ChunkReader chunks, out long? position)
    {
        var i = Enumerable.Range(0, segments.Count).First(place => segments[place].Part.Range.Contains(number));
        var segment = segments[i];
        position = null;
        if (end <= segment.First)
            return false;
        var hasMore = sources[i].Search(number, Math.Min(end, segment.End) - segment.First, part, chunks, out position);
        position += segment.First;
        return hasMore;
    }

    public override void Dispose()
    {
        foreach (var source in sources)
            source.Dispose();
        base.Dispose();
    }

    private StoredSegment Locate(long position)
    {
        while (position >= segments[last].End)
            last++;
        while (position < segments[last].First)
            last--;
        return segments[last];
    }
}
