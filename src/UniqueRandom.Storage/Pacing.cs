using System.Diagnostics;

namespace UniqueRandom.Storage;

/// <summary>Lets a long computation take turns with everybody else: a millisecond of work, and one of sleep. Not thread-safe.</summary>
internal sealed class Pacing
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

    private long resumed = Stopwatch.GetTimestamp();

    /// <summary>To be called between two pieces of work that are much shorter than a turn.</summary>
    public void MakeWay()
    {
        if (Stopwatch.GetElapsedTime(resumed) < Turn)
            return;
        Thread.Sleep(Turn);
        resumed = Stopwatch.GetTimestamp();
    }
}
