namespace UniqueRandom.Draws;

/// <summary>
/// One row of a draw log: consecutive positions drawn by one caller, or by unlabelled draws that followed one another.
/// </summary>
/// <param name="First">The first position, 0-based.</param>
/// <param name="Count">The number of positions, at least 1.</param>
/// <param name="DrawnAt">When the first of them was drawn, to the millisecond, UTC.</param>
/// <param name="Reference">The caller's label, if any.</param>
/// <param name="Key">The Idempotency-Key, if any.</param>
/// <param name="Caller">The name of the access key that drew, if any.</param>
public readonly record struct DrawLogRow(
    long First, long Count, DateTimeOffset DrawnAt, string? Reference = null, string? Key = null, string? Caller = null)
{
    /// <summary>
    /// How long unlabelled draws of one caller share a row: 1 second. This keeps the log small at any pace, and the time of such
    /// a draw is at most this much too early.
    /// </summary>
    public static readonly TimeSpan SharingPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The position behind the last one of this row.</summary>
    public long End => First + Count;

    /// <summary>Whether a draw can extend this row instead of adding its own.</summary>
    /// <param name="request">The draw.</param>
    /// <param name="now">The time of the draw.</param>
    public bool CanExtend(in DrawRequest request, DateTimeOffset now) =>
        Reference is null && Key is null && request.Reference is null && request.Key is null && Caller == request.Caller
        && now >= DrawnAt && now - DrawnAt < SharingPeriod;
}
