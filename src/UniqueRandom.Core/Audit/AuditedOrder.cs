using System.Globalization;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>
/// The order that a pool must have, computed for one segment at a time: the positions of a log ascend. Imported numbers don't
/// follow from the seed: they are taken from the log, and compared with the hash that the commitment contains. Not thread-safe.
/// </summary>
internal sealed class AuditedOrder(IReadOnlyList<AuditedSegment> segments, CancellationToken cancellationToken) : IDisposable
{
    private int current = -1;
    private long first;
    private long end;
    private Permutation? stored;
    private ComputedNumbers? computed;
    private OffsetSet? imported;
    private long previous = -1;

    /// <summary>Gets whether imported numbers are missing yet. Then the next position to compare is theirs.</summary>
    public bool IsIncomplete { get; private set; } = segments[0].Imported is not null;

    /// <summary>Compares the number that a log has at a position.</summary>
    /// <returns>
    /// Why it is another one, as the end of a sentence; null if it is the same, or in the range of a segment whose seed is not
    /// revealed.
    /// </returns>
    /// <exception cref="InsufficientMemoryException">Less memory is free than a stored order needs.</exception>
    public string? Compare(long position, long number)
    {
        if (IsIncomplete)
            return Take(number, segments[0]);
        if (NumberAt(position) is { } expected)
            return number == expected ? null : Text($"the permutation {expected}");
        var range = segments[current].Range;
        return range.Contains(number) ? null : Text($"the range of the segment is {range}");
    }

    public void Dispose()
    {
        imported?.Dispose();
        stored?.Dispose();
        computed?.Dispose();
    }

    /// <summary>Gets the number at a position; null if the seed of its segment is not revealed.</summary>
    private long? NumberAt(long position)
    {
        while (position >= end)
            MoveOn(position);
        return computed?.NumberAt(position - first)
            ?? (stored is null ? null : segments[current].Range.NumberAt(stored.Offsets[(int)(position - first)]));
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

    /// <summary>Takes the next imported number. The last one completes the list.</summary>
    private string? Take(long number, AuditedSegment segment)
    {
        if (!segment.Range.Contains(number))
            return Text($"the range is {segment.Range}");
        var offset = segment.Range.OffsetOf(number);
        if (offset <= previous)
            return "the imported numbers are in ascending order";
        previous = offset;
        imported ??= new OffsetSet(segment.Range.Size);
        imported.Add(offset);
        if (imported.Count < segment.Imported!.Count)
            return null;

        var list = ImportedList.Of(segment.Range, imported);
        if (list != segment.Imported)
            return Text($"the imported numbers have the SHA-256 {list.Sha256}, not {segment.Imported.Sha256}");
        (current, end, IsIncomplete) = (0, segment.Range.Size, false);
        stored = Permutation.Shuffle(segment.Seed!, end, imported, between: null, cancellationToken);
        imported.Dispose();
        imported = null;
        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
