using System.Diagnostics;

namespace UniqueRandom.Storage;

/// <summary>
/// Limits a long shuffle to half of a processor: a millisecond of work, a millisecond of sleep. Not thread-safe.
/// </summary>
internal sealed class Pacing
{
    /// <summary>The size of the largest pool whose shuffle is not paced: it takes milliseconds, and its creator waits.</summary>
    public const long LargestSmallPool = 1_000_000;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    private long resumed = Stopwatch.GetTimestamp();

    /// <summary>Gets the callback to pass to the shuffle of a pool, or null if it is not paced.</summary>
    public static Action? For(long size, bool besideDraws) => besideDraws && size > LargestSmallPool ? new Pacing().Pause : null;

    private void Pause()
    {
        if (Stopwatch.GetElapsedTime(resumed) < Slice)
            return;
        Thread.Sleep(Slice);
        resumed = Stopwatch.GetTimestamp();
    }
}
