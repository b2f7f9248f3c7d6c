using System.Buffers;
using System.Runtime.CompilerServices;

namespace UniqueRandom.Client;

/// <summary>Checks the arguments that an address or a header can't carry in every form. The server checks the others.</summary>
internal static class Arguments
{
    private const int MaximumKeyLength = 255;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Returns the path of a pool.</summary>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public static string PathOf(string pool, [CallerArgumentExpression(nameof(pool))] string? parameter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pool, parameter);
        return pool.AsSpan().ContainsAnyExcept(NameCharacters)
            ? throw new ArgumentException("The name of a pool has characters of a-z, 0-9, - and _ only.", parameter)
            : $"pools/{pool}";
    }

    /// <summary>Returns an idempotency key.</summary>
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    public static string Key(string key, [CallerArgumentExpression(nameof(key))] string? parameter = null) =>
        key.Length is >= 1 and <= MaximumKeyLength && IsVisible(key)
            ? key
            : throw new ArgumentException($"An idempotency key has 1 to {MaximumKeyLength} visible ASCII characters.", parameter);

    /// <summary>Returns a code as a segment of a path.</summary>
    /// <exception cref="ArgumentException">The text can't be a code, and would be another path.</exception>
    public static string Code(string code, [CallerArgumentExpression(nameof(code))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(code, parameter);
        return code.Trim(' ', '.').Length > 0 && IsWhole(code)
            ? Uri.EscapeDataString(code)
            : throw new ArgumentException(
                "A code has a character other than a space or a dot, and no half of a surrogate pair.", parameter);
    }

    /// <summary>Returns a reference.</summary>
    /// <exception cref="ArgumentException">The reference is not valid text: UTF-8 would replace a part of it.</exception>
    public static string? Reference(string? reference, [CallerArgumentExpression(nameof(reference))] string? parameter = null)
    {
        return reference is null || IsWhole(reference)
            ? reference
            : throw new ArgumentException("A reference must not have half of a surrogate pair.", parameter);
    }

    /// <summary>Whether no part of a text is half of a surrogate pair.</summary>
    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>Whether a text has visible ASCII characters only.</summary>
    public static bool IsVisible(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
