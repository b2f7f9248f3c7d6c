namespace UniqueRandom.Draws;

/// <summary>
/// Validates Idempotency-Keys: 1 to <see cref="MaximumLength"/> visible ASCII characters. A key belongs to its caller, across all
/// pools: two callers can use the same key, and a key of one caller identifies one draw permanently.
/// </summary>
public static class IdempotencyKey
{
    /// <summary>The largest number of characters: 255.</summary>
    public const int MaximumLength = 255;

    /// <summary>Whether a text is a valid key.</summary>
    public static bool IsValid(ReadOnlySpan<char> key) =>
        key.Length is >= 1 and <= MaximumLength && !key.ContainsAnyExceptInRange('!', '~');
}
