using System.Buffers;

namespace UniqueRandom.Pools;

/// <summary>The rule for names of pools: 1 to <see cref="MaximumLength"/> characters of a-z, 0-9, <c>-</c> and <c>_</c>.</summary>
public static class PoolName
{
    /// <summary>The pool that draws without a pool name use.</summary>
    public const string Default = "default";

    /// <summary>The most characters a name has.</summary>
    public const int MaximumLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether a text can name a pool.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) => name.Length is >= 1 and <= MaximumLength && !name.ContainsAnyExcept(Allowed);
}
