using System.Diagnostics;
using UniqueRandom.Metrics;

namespace UniqueRandom.Server.Audit;

/// <summary>
/// Limits a long reading to half of a processor while there are draws: a millisecond of work, a millisecond of pause. Without
/// pauses it would keep the processor from the threads that answer draws. Not thread-safe.
/// </summary>
internal sealed class ReadPacing(DrawActivity draws)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    private long resumed = Stopwatch.GetTimestamp();
    private long batches = draws.BatchCount;

    /// <summary>Yields the thread, and pauses if a slice is over in which there were draws.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        if (Stopwatch.GetElapsedTime(resumed) < Slice)
        {
            await Task.Yield();
            return;
        }

        var before = batches;
        batches = draws.BatchCount;
        if (batches == before)
            await Task.Yield();
        else
            await Task.Delay(Slice, cancellationToken);
        resumed = Stopwatch.GetTimestamp();
    }
}
