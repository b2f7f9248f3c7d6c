namespace UniqueRandom.Client.Models;

/// <summary>A pool in an event.</summary>
public sealed class WatchedPool
{
    /// <summary>Gets the status of the pool.</summary>
    public required PoolStatus Status { get; init; }

    /// <summary>
    /// Gets how many numbers were drawn in each of the last 60 seconds, the current one last; <see langword="null"/> if nothing
    /// is known.
    /// </summary>
    public required IReadOnlyList<long>? History { get; init; }
}
