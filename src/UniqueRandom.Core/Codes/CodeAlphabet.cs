using System.Collections.Frozen;
using System.Globalization;

namespace UniqueRandom.Codes;

/// <summary>The characters of codes, each with the value of its place. Immutable.</summary>
/// <remarks>
/// People type characters in the wrong case, and O, I or l for 0 and 1, and the other way round. Such a character is read as the
/// one that the alphabet has, unless it has the typed one, or several that may be meant.
/// </remarks>
public sealed class CodeAlphabet
{
    /// <summary>The smallest number of characters: 2.</summary>
    public const int MinimumSize = 2;

    /// <summary>The largest number of characters: 64.</summary>
    public const int MaximumSize = 64;

    /// <summary>What <see cref="IsAllowed"/> allows, for messages.</summary>
    internal const string AllowedCharacters = "visible ASCII characters other than / and %";

    private static readonly FrozenDictionary<string, string> Named = new Dictionary<string, string>
    {
        ["digits"] = "0123456789",
        ["hex"] = "0123456789ABCDEF",
        // https://www.crockford.com/base32.html
        ["crockford32"] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
        ["letters"] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ["no-vowels"] = "BCDFGHJKLMNPQRSTVWXZ",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly string characters;
    private readonly sbyte[] values = new sbyte[128];

    private CodeAlphabet(string name, string characters)
    {
        Name = name;
        this.characters = characters;
        Array.Fill(values, (sbyte)-1);
        for (var value = 0; value < characters.Length; value++)
            values[characters[value]] = (sbyte)value;
        for (var typed = '!'; typed <= '~'; typed++)
        {
            if (values[typed] < 0)
                values[typed] = FindMeant(typed);
        }
    }

    /// <summary>Gets the names of the alphabets that have one.</summary>
    public static IEnumerable<string> Names => Named.Keys.Order(StringComparer.Ordinal);

    /// <summary>Gets what an alphabet must be, for messages.</summary>
    public static string Rule => $"must be {string.Join(", ", Names)}, or {MinimumSize} to {MaximumSize} different "
        + $"{AllowedCharacters}, none of them - _ or a dot";

    /// <summary>Gets the name; the characters if there is none.</summary>
    public string Name { get; }

    /// <summary>Gets the number of characters.</summary>
    public int Size => characters.Length;

    /// <summary>Creates an alphabet.</summary>
    /// <param name="text">One of <see cref="Names"/> in any case, or the characters themselves.</param>
    /// <exception cref="ArgumentException">It is not valid; see <see cref="Validate"/>.</exception>
    public static CodeAlphabet Create(string text) => Validate(text) is { } error
        ? throw new ArgumentException(error, nameof(text))
        : FindNamed(text) is { } named ? new CodeAlphabet(named.Key, named.Value) : new CodeAlphabet(text, text);

    /// <summary>Validates an alphabet.</summary>
    /// <param name="text">One of <see cref="Names"/> in any case, or the characters themselves.</param>
    /// <returns>One sentence that says what is allowed; null if it is valid.</returns>
    public static string? Validate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Named.ContainsKey(text))
            return null;
        var isAllowed = text.Length is >= MinimumSize and <= MaximumSize
            && text.All(character => IsAllowed(character) && !IsSeparator(character))
            && text.Distinct().Count() == text.Length
            && !IsNameOfOther(text);
        return isAllowed ? null : $"alphabet {Rule}.";
    }

    /// <summary>Gets the character of a value.</summary>
    /// <param name="value">0 to <see cref="Size"/> - 1.</param>
    public char this[int value] => characters[value];

    /// <summary>Reads a typed character.</summary>
    /// <returns>Its value; -1 if the alphabet has none that is meant.</returns>
    public int ValueOf(char typed) => typed < values.Length ? values[typed] : -1;

    /// <summary>
    /// Whether a character only separates others: white space, a dash, a minus sign, an underscore, a dot, or an
    /// invisible character, as pasted text has them.
    /// </summary>
    public static bool IsSeparator(char typed) => typed is '_' or '.' or '\u2212' || char.IsWhiteSpace(typed)
        || char.GetUnicodeCategory(typed) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;

    /// <summary>Whether a code can have a character. A slash or a percent sign would change in the path of a URL.</summary>
    internal static bool IsAllowed(char character) => character is > ' ' and <= '~' and not ('/' or '%');

    /// <summary>Gets the character that stands for all that are typed in its place.</summary>
    internal static char Fold(char typed) => char.ToUpperInvariant(typed) switch
    {
        'O' => '0',
        'I' or 'L' => '1',
        var upper => upper,
    };

    private static KeyValuePair<string, string>? FindNamed(string text)
    {
        foreach (var named in Named)
        {
            if (named.Key.Equals(text, StringComparison.OrdinalIgnoreCase) || named.Value == text)
                return named;
        }

        return null;
    }

    /// <summary>Whether somebody who writes this means an encoding, such as base32, and not its letters.</summary>
    private static bool IsNameOfOther(string text) =>
        text.StartsWith("base", StringComparison.OrdinalIgnoreCase) && text["base".Length..].All(char.IsAsciiDigit);

    private sbyte FindMeant(char typed)
    {
        var other = char.IsAsciiLetterUpper(typed) ? char.ToLowerInvariant(typed) : char.ToUpperInvariant(typed);
        if (characters.Contains(other))
            return (sbyte)characters.IndexOf(other);
        var meant = characters.Where(character => Fold(character) == Fold(typed)).ToList();
        return meant.Count == 1 ? (sbyte)characters.IndexOf(meant[0]) : (sbyte)-1;
    }
}
