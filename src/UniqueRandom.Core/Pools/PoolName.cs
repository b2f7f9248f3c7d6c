using System.Buffers;

namespace UniqueRandom.Pools;

/// <summary>Validates names of pools: 1 to <see cref="MaximumLength"/> characters of a-z, 0-9, <c>-</c> and <c>_</c>.</summary>
public static class PoolName
{
    /// <summary>The name of the pool that is created on the first start.</summary>
    public const string Default = "default";

    /// <summary>The largest number of characters: 64.</summary>
    public const int MaximumLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a text is a valid name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is >= 1 and <= MaximumLength && !name.ContainsAnyExcept(Allowed);
}
