namespace UniqueRandom.Stores;

/// <summary>The times that stores keep.</summary>
public static class StoredTime
{
    /// <summary>Gets the time as it is stored: to the millisecond.</summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
