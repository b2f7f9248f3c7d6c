namespace UniqueRandom.Metrics;

/// <summary>
/// How many numbers of a pool were drawn in each of the last 60 seconds, by all processes: from the differences of the cursors
/// that this process has seen. Not thread-safe.
/// </summary>
internal sealed class CursorHistory
{
    /// <summary>How many seconds are kept.</summary>
    public const int Seconds = 60;

    private readonly (long At, long Numbers)[] ring = new (long, long)[Seconds];
    private (long At, long Cursor) last;

    /// <summary>Gets the last cursor that was recorded; 0 before the first one.</summary>
    public long Cursor => last.Cursor;

    /// <summary>Records that a cursor has moved.</summary>
    /// <param name="second">When, in seconds since 1970-01-01 UTC.</param>
    /// <param name="from">A cursor before. If a later one was recorded in the last 60 seconds, it counts from there.</param>
    /// <param name="to">The cursor.</param>
    public void Record(long second, long from, long to)
    {
        if (to <= last.Cursor)
            return;
        // What others have drawn since an older cursor may be older than what is kept.
        var start = last.At > second - Seconds ? last.Cursor : Math.Max(from, last.Cursor);
        last = (second, to);
        ref var slot = ref ring[second % Seconds];
        slot = (second, to - start + (slot.At == second ? slot.Numbers : 0));
    }

    /// <summary>Gets the numbers of each second, the given one last, without what was drawn beyond a cursor.</summary>
    public long[] Until(long second, long cursor)
    {
        var numbers = new long[Seconds];
        var beyond = Math.Max(0, last.Cursor - cursor);
        for (var i = Seconds - 1; i >= 0; i--)
        {
            var at = second - Seconds + 1 + i;
            var drawn = ring[at % Seconds] is var slot && slot.At == at ? slot.Numbers : 0;
            numbers[i] = Math.Max(0, drawn - beyond);
            beyond -= drawn - numbers[i];
        }

        return numbers;
    }
}
