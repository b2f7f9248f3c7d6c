namespace UniqueRandom.Draws;

/// <summary>One row of a draw log: a run of consecutive positions handed to one caller, or one after another to callers that gave no label.</summary>
/// <param name="First">The first position, 0-based.</param>
/// <param name="Count">How many positions.</param>
/// <param name="DrawnAt">When the first of them was drawn, to the millisecond, UTC.</param>
/// <param name="Reference">The caller's own label, if any.</param>
/// <param name="Key">The Idempotency-Key, if any.</param>
/// <param name="Caller">Who drew, by the name of the access key, if there was one.</param>
public readonly record struct DrawLogRow(long First, long Count, DateTimeOffset DrawnAt, string? Reference = null, string? Key = null, string? Caller = null)
{
    /// <summary>
    /// How long neighbouring draws of one caller with neither key nor reference share a row: 1 second. So the log stays small at any pace, and the time of
    /// such a draw is never more than this too early.
    /// </summary>
    public static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(1);

    /// <summary>The position behind the last one of this row.</summary>
    public long End => First + Count;

    /// <summary>Whether a draw at a time may join this row instead of having its own.</summary>
    public bool CanTake(in DrawRequest request, DateTimeOffset now) =>
        Reference is null && Key is null && request.Reference is null && request.Key is null && Caller == request.Caller
        && now >= DrawnAt && now - DrawnAt < SharedFor;
}
