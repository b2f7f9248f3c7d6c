using UniqueRandom.Draws;

namespace UniqueRandom.Queueing;

/// <summary>The limits of a <see cref="DrawQueue"/>.</summary>
public sealed record DrawQueueOptions
{
    /// <summary>
    /// How many draws may wait while the store is busy, 1 to 1,000,000; the next one is answered
    /// <see cref="DrawOutcomeKind.QueueFull"/> at once. Default 10,000. Each waiting draw holds about 200 bytes.
    /// </summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>
    /// How long draws with a key are retried after a commit in doubt, zero or more. All other draws wait meanwhile. Default 10
    /// seconds, about the duration of a failover.
    /// </summary>
    public TimeSpan DoubtTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a dedicated thread commits, so that no thread that draws waits for the store. Default false: a thread of the
    /// thread pool commits. Stores that several processes share are asynchronous, and don't need the thread.
    /// </summary>
    public bool HasCommitThread { get; init; }

    /// <summary>
    /// After a commit that takes as long, the thread that commits goes on at once and answers nothing: the time to wake up a loop
    /// does not matter then, and a slow request is logged, which may block. Default 1 ms.
    /// </summary>
    internal TimeSpan SlowCommit { get; init; } = TimeSpan.FromMilliseconds(1);
}
