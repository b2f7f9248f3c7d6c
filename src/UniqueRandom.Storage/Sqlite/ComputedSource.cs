using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Computes the numbers of a segment. Reads no chunk.</summary>
internal sealed class ComputedSource(StoredSegment segment) : NumberSource
{
    private readonly ComputedNumbers numbers = new(segment.Part.Range, segment.Seed);

    public override long NumberAt(long position, ChunkReader chunks) => numbers.NumberAt(position);

    public override void CopyNumbers(long position, Span<long> numbers, ChunkReader chunks) =>
        this.numbers.CopyNumbers(position, numbers);

    public override bool Search(long number, long end, int part, ChunkReader chunks, out long? position)
    {
        position = numbers.PositionOf(number) is var found && found < end ? found : null;
        return false;
    }

    public override void Dispose()
    {
        numbers.Dispose();
        base.Dispose();
    }
}
