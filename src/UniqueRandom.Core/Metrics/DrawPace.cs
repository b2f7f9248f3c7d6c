namespace UniqueRandom.Metrics;

/// <summary>How fast a pool was drawn from over the last minute.</summary>
/// <param name="DrawsPerSecond">Draws a second, of any count. Replays don't count.</param>
/// <param name="NumbersPerSecond">Numbers a second.</param>
public readonly record struct DrawPace(double DrawsPerSecond, double NumbersPerSecond)
{
    /// <summary>Gets the time, to the second, at which a pool is exhausted at this pace.</summary>
    /// <param name="remaining">How many numbers are left.</param>
    /// <param name="now">The time to count from.</param>
    /// <returns>The time; null if nothing is drawn, nothing is left, or the time is beyond the year 9999.</returns>
    public DateTimeOffset? ExhaustionOf(long remaining, DateTimeOffset now)
    {
        if (NumbersPerSecond <= 0 || remaining <= 0)
            return null;
        var seconds = Math.Ceiling(remaining / NumbersPerSecond);
        var start = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        return seconds < (DateTimeOffset.MaxValue - start).TotalSeconds ? start.AddSeconds(seconds) : null;
    }
}
