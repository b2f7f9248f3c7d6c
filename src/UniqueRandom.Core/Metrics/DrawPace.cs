namespace UniqueRandom.Metrics;

/// <summary>How fast a pool was drawn from over the last minute. A value.</summary>
/// <param name="DrawsPerSecond">Draws a second, whatever they took. Draws that were given their numbers again do not count.</param>
/// <param name="NumbersPerSecond">Numbers a second.</param>
public readonly record struct DrawPace(double DrawsPerSecond, double NumbersPerSecond)
{
    /// <summary>When, to the second, a pool has no number left at this pace; null when it stands still or has none left already.</summary>
    /// <param name="remaining">How many numbers are left.</param>
    /// <param name="now">The time to count from.</param>
    public DateTimeOffset? ExhaustionOf(long remaining, DateTimeOffset now)
    {
        if (NumbersPerSecond <= 0 || remaining <= 0)
            return null;
        var seconds = Math.Ceiling(remaining / NumbersPerSecond);
        // At one a minute, 2^31 numbers last for 4,000 years: still a date.
        return DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + (long)seconds);
    }
}
