using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// Where the numbers of a pool come from. Keeps what it has read last: most draws read next to it. Guarded by the store's gate.
/// </summary>
internal abstract class NumberSource : IDisposable
{
    /// <summary>Creates a source for the segments of a pool.</summary>
    public static NumberSource Of(IReadOnlyList<StoredSegment> segments) =>
        segments is [var only] ? Of(only) : new SegmentedSource(segments);

    /// <summary>Creates a source for a segment's kind of order. Its positions are those of the segment.</summary>
    protected static NumberSource Of(StoredSegment segment) =>
        segment.Part.StoredSize > 0 ? new StoredSource(segment) : new ComputedSource(segment);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Gets the number at a position.</summary>
    /// <exception cref="StoreException">Its chunk is missing or does not match its checksum.</exception>
    public abstract long NumberAt(long position, ChunkReader chunks);

    /// <summary>Gets the numbers at consecutive positions.</summary>
    /// <exception cref="StoreException">A chunk is missing or does not match its checksum.</exception>
    public abstract void CopyNumbers(long position, Span<long> numbers, ChunkReader chunks);

    /// <summary>Searches for a number, a part of the order at a time.</summary>
    /// <param name="number">A number of the range.</param>
    /// <param name="end">The position before which to search.</param>
    /// <param name="part">The 0-based index of the part to search.</param>
    /// <param name="chunks">Reads the chunks.</param>
    /// <param name="position">The position, if it was found.</param>
    /// <returns>Whether there are more parts to search.</returns>
    /// <exception cref="StoreException">A chunk is missing or does not match its checksum.</exception>
    public abstract bool Search(long number, long end, int part, ChunkReader chunks, out long? position);
}
