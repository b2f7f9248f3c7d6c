using System.Diagnostics;

namespace UniqueRandom.Storage;

/// <summary>Lets a long computation take turns with everybody else: a millisecond of work, and one of sleep. Not thread-safe.</summary>
internal sealed class Pacing
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

    /// <summary>From how many numbers on a shuffle makes way for draws: a shorter one is over within milliseconds, and waited for.</summary>
    private const int LongShuffle = 1_000_000;

    private long resumed = Stopwatch.GetTimestamp();

    /// <summary>What the shuffle of a pool has to call again and again; null for nothing.</summary>
    public static Action? Of(long size, bool besideDraws) => besideDraws && size > LongShuffle ? new Pacing().MakeWay : null;

    /// <summary>To be called between two pieces of work that are much shorter than a turn.</summary>
    private void MakeWay()
    {
        if (Stopwatch.GetElapsedTime(resumed) < Turn)
            return;
        Thread.Sleep(Turn);
        resumed = Stopwatch.GetTimestamp();
    }
}
