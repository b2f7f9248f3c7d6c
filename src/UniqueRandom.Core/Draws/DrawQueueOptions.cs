namespace UniqueRandom.Draws;

/// <summary>How a <see cref="DrawQueue"/> is bounded.</summary>
public sealed class DrawQueueOptions
{
    /// <summary>
    /// How many draws may wait while the store is busy, 1 to 1,000,000; the next one is answered <see cref="DrawOutcomeKind.QueueFull"/>
    /// at once. Default 10,000. Each waiting draw holds about 200 bytes.
    /// </summary>
    public int Capacity { get; init; } = 10_000;
}
