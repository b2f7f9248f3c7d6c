namespace UniqueRandom.Storage.Marks;

/// <summary>
/// A pool in a mark: how far its numbers were handed out, and how far they may be. The step of its ceiling follows its pace.
/// </summary>
/// <param name="slot">The slot of the pool.</param>
/// <param name="size">The size of the pool, which can grow.</param>
/// <param name="cursor">The acknowledged cursor.</param>
/// <param name="ceiling">The synced ceiling.</param>
internal sealed class MarkedPool(int slot, long size, long cursor, long ceiling)
{
    /// <summary>How far ahead of the cursor the ceiling is, at the pace of the draws.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(0.5);

    /// <summary>The least step: a thousandth of the pool, 1 to 64 numbers, so that a small pool does not give up much.</summary>
    private long LeastStep => Math.Clamp(Size / 1000, 1, 64);

    private long size = size;
    private long cursor = cursor;
    private long ceiling = ceiling;
    private long step = Math.Clamp(size / 1000, 1, 64);
    private long raisedCursor = cursor;
    private long raisedAt;

    public int Slot => slot;

    private long Size => Volatile.Read(ref size);

    /// <summary>Gets or sets the acknowledged cursor. Set by the thread that draws, read by the thread that raises.</summary>
    public long Cursor
    {
        get => Volatile.Read(ref cursor);
        set => Volatile.Write(ref cursor, value);
    }

    /// <summary>Gets the ceiling that is synced. Numbers below it may be handed out.</summary>
    public long Ceiling => Volatile.Read(ref ceiling);

    /// <summary>Gets whether less than half of a step is left below the ceiling.</summary>
    public bool IsNearCeiling => Ceiling < Size && Ceiling - Cursor <= Volatile.Read(ref step) / 2;

    /// <summary>Plans a higher ceiling.</summary>
    /// <param name="least">The cursor that it must reach.</param>
    /// <param name="now">The time, in ticks of a <see cref="TimeSpan"/>.</param>
    public long Plan(long least, long now)
    {
        var elapsed = Math.Max(now - raisedAt, 1);
        var drawn = least - raisedCursor;
        var pace = raisedAt == 0 ? 0 : (long)Math.Min((double)drawn * Ahead.Ticks / elapsed, Size);
        Volatile.Write(ref step, Math.Max(LeastStep, pace));
        (raisedAt, raisedCursor) = (now, least);
        return least + Math.Min(step, Size - least);
    }

    /// <summary>Measures the pace from a cursor on, because what is below was not drawn.</summary>
    public void MeasureFrom(long start) => (raisedAt, raisedCursor) = (0, start);

    /// <summary>Adopts the size of the pool after an extension.</summary>
    public void Grow(long larger) => Volatile.Write(ref size, larger);

    /// <summary>Allows the numbers below a ceiling that is synced.</summary>
    public void Allow(long synced) => Volatile.Write(ref ceiling, synced);
}
