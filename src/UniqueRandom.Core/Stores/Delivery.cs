namespace UniqueRandom.Stores;

/// <summary>What a receiver was told about a pool, and since when it can't be told more.</summary>
/// <param name="Level">The last level that was delivered, or given up; 0 for none.</param>
/// <param name="FailingSince">When the first attempt to deliver the next level failed; null if none has.</param>
/// <param name="AttemptedAt">When the last attempt to deliver the next level failed; null if none has.</param>
/// <remarks>Times are stored to the millisecond.</remarks>
public sealed record Delivery(int Level, DateTimeOffset? FailingSince = null, DateTimeOffset? AttemptedAt = null)
{
    /// <summary>Nothing was delivered.</summary>
    public static Delivery None { get; } = new(0);
}
