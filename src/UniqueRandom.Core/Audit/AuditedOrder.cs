using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>
/// The order that a pool must have, computed for one segment at a time: the positions of a log ascend. Not thread-safe.
/// </summary>
internal sealed class AuditedOrder(IReadOnlyList<AuditedSegment> segments, CancellationToken cancellationToken) : IDisposable
{
    private int current = -1;
    private long first;
    private long end;
    private Permutation? stored;
    private ComputedNumbers? computed;

    /// <summary>Gets the range of the segment of the last position.</summary>
    public PoolRange Range => segments[current].Range;

    /// <summary>Gets the number at a position; null if the seed of its segment is not revealed.</summary>
    /// <exception cref="InsufficientMemoryException">Less memory is free than a stored order needs.</exception>
    public long? NumberAt(long position)
    {
        while (position >= end)
            MoveOn(position);
        return computed?.NumberAt(position - first)
            ?? (stored is null ? null : segments[current].Range.NumberAt(stored.Offsets[(int)(position - first)]));
    }

    public void Dispose()
    {
        stored?.Dispose();
        computed?.Dispose();
    }

    private void MoveOn(long position)
    {
        Dispose();
        (stored, computed) = (null, null);
        var segment = segments[++current];
        (first, end) = (end, end + segment.Range.Size);
        if (position >= end || segment.Seed is not { } seed)
            return;
        if (segment.Order == PoolOrder.Computed)
            computed = new ComputedNumbers(segment.Range, seed);
        else
            stored = Permutation.Shuffle(seed, segment.Range.Size, cancellationToken);
    }
}
