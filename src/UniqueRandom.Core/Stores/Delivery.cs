namespace UniqueRandom.Stores;

/// <summary>What was delivered to a webhook about a pool, and since when the delivery of the next event fails.</summary>
/// <param name="Level">The last level that was delivered, or given up; 0 for none.</param>
/// <param name="Size">
/// The size of the pool of which that is the level. After an extension the pool has another size, and its levels are new.
/// </param>
/// <param name="Attempts">The attempts to deliver another level that have not succeeded; null if there were none.</param>
public sealed record Delivery(int Level, long Size, DeliveryAttempts? Attempts = null)
{
    /// <summary>Nothing was delivered.</summary>
    public static Delivery None { get; } = new(0, 0);
}
