namespace UniqueRandom.Draws;

/// <summary>
/// The rule for keys: 1 to <see cref="MaximumLength"/> visible ASCII characters. A key belongs to the caller who sent it, over all pools:
/// two callers may use the same one, and one caller's key means one draw, for ever.
/// </summary>
public static class IdempotencyKey
{
    /// <summary>The most characters a key has.</summary>
    public const int MaximumLength = 255;

    /// <summary>Whether a text can be a key.</summary>
    public static bool IsValid(ReadOnlySpan<char> key) =>
        key.Length is >= 1 and <= MaximumLength && !key.ContainsAnyExceptInRange('!', '~');
}
