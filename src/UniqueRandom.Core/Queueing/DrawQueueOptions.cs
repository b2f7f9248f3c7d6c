using UniqueRandom.Draws;

namespace UniqueRandom.Queueing;

/// <summary>How a <see cref="DrawQueue"/> is bounded.</summary>
public sealed class DrawQueueOptions
{
    /// <summary>
    /// How many draws may wait while the store is busy, 1 to 1,000,000; the next one is answered <see cref="DrawOutcomeKind.QueueFull"/>
    /// at once. Default 10,000. Each waiting draw holds about 200 bytes.
    /// </summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>
    /// How long draws with a key are tried again after a commit that is in doubt, 0 or above; all others wait meanwhile. Default 10 seconds: as long as a
    /// failover takes.
    /// </summary>
    public TimeSpan DoubtPatience { get; init; } = TimeSpan.FromSeconds(10);
}
