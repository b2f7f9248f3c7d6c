using System.Globalization;

namespace UniqueRandom.Codes;

/// <summary>
/// How the numbers of a pool are written as codes: the digits of the number in the base of the alphabet, the most significant
/// first, a check symbol behind them, in groups, with a prefix. Immutable. Formats are equal if all their properties are.
/// </summary>
public sealed class CodeFormat : IEquatable<CodeFormat>
{
    /// <summary>The largest number of characters of a prefix: 32.</summary>
    public const int MaximumPrefixLength = 32;

    /// <summary>The largest number of characters that represent the number, with the smallest alphabet: 62.</summary>
    public const int MaximumLength = 62;

    private const char GroupSeparator = '-';

    private readonly CodeAlphabet alphabet;
    private readonly string normalizedPrefix;
    private readonly string text;

    /// <summary>Creates a format.</summary>
    /// <param name="alphabet">One of <see cref="CodeAlphabet.Names"/>, or the characters themselves.</param>
    /// <param name="length">How many characters represent the number.</param>
    /// <param name="prefix">What each code begins with. The default is nothing.</param>
    /// <param name="group">The number of characters of a group; 0, the default, for one group.</param>
    /// <param name="check">Whether a check symbol follows. The default is none.</param>
    /// <exception cref="ArgumentException">It is not valid; see <see cref="Validate"/>.</exception>
    public CodeFormat(string alphabet, int length, string prefix = "", int group = 0, bool check = false)
    {
        if (Validate(alphabet, length, prefix, group, check) is { } error)
            throw new ArgumentException(error);
        this.alphabet = CodeAlphabet.Create(alphabet);
        (Length, Prefix, Group, Check) = (length, prefix, group, check);
        normalizedPrefix = Normalize(prefix);
        text = string.Create(CultureInfo.InvariantCulture, $"{Alphabet} {length} {group} {(check ? 1 : 0)} {prefix}");
    }

    /// <summary>Gets the name of the alphabet; its characters if it has none.</summary>
    public string Alphabet => alphabet.Name;

    /// <summary>Gets how many characters represent the number.</summary>
    public int Length { get; }

    /// <summary>Gets what each code begins with.</summary>
    public string Prefix { get; }

    /// <summary>Gets the number of characters of a group; 0 for one group.</summary>
    public int Group { get; }

    /// <summary>Gets whether a check symbol follows.</summary>
    public bool Check { get; }

    /// <summary>Gets the largest number that has a code. The smallest is 0.</summary>
    public long MaximumNumber => (long)CountOf(alphabet.Size, Length) - 1;

    /// <summary>
    /// Gets what codes look like, for messages: <c>XMAS-#####-#####-# of crockford32, the last character is a check symbol</c>.
    /// </summary>
    public string Description =>
        $"{Format(new string('#', SymbolCount))} of {Alphabet}{(Check ? ", the last character is a check symbol" : "")}";

    private int SymbolCount => Check ? Length + 1 : Length;

    /// <summary>Validates a format.</summary>
    /// <returns>One sentence that says what is allowed; null if it is valid.</returns>
    public static string? Validate(string alphabet, int length, string prefix, int group, bool check)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (CodeAlphabet.Validate(alphabet) is { } error)
            return error;
        var size = CodeAlphabet.Create(alphabet).Size;
        if (length < 1 || CountOf(size, length) > long.MaxValue)
        {
            var longest = Enumerable.Range(1, MaximumLength).Last(count => CountOf(size, count) <= long.MaxValue);
            return string.Create(
                CultureInfo.InvariantCulture, $"length must be from 1 to {longest} for an alphabet of {size} characters.");
        }

        if (prefix.Length > MaximumPrefixLength || !prefix.All(CodeAlphabet.IsAllowed))
        {
            return $"prefix must have at most {MaximumPrefixLength} {CodeAlphabet.AllowedCharacters}.";
        }

        if (group < 0 || group > length)
            return string.Create(CultureInfo.InvariantCulture, $"group must be from 0 to {length}, the length.");
        return check && !CheckSymbol.IsPossible(size)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"check needs an alphabet of an even size; this one has {size} characters. Leave one out, or use no check.")
            : null;
    }

    /// <summary>Parses the text that <see cref="ToString"/> returns.</summary>
    /// <returns>The format; null if the text is none.</returns>
    public static CodeFormat? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(' ') is [var alphabet, var length, var group, var check, var prefix]
            && TryParse(length, out var parsedLength) && TryParse(group, out var parsedGroup) && check is ("0" or "1")
            && Validate(alphabet, parsedLength, prefix, parsedGroup, check == "1") is null
            ? new CodeFormat(alphabet, parsedLength, prefix, parsedGroup, check == "1")
            : null;

        static bool TryParse(string digits, out int value) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Writes a number as a code.</summary>
    /// <param name="number">0 to <see cref="MaximumNumber"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is out of range.</exception>
    public string Write(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaximumNumber);
        Span<int> values = stackalloc int[SymbolCount];
        for (var place = Length - 1; place >= 0; place--)
            (number, values[place]) = (number / alphabet.Size, (int)(number % alphabet.Size));
        if (Check)
            values[Length] = CheckSymbol.Of(values[..Length], alphabet.Size);

        Span<char> symbols = stackalloc char[values.Length];
        for (var place = 0; place < symbols.Length; place++)
            symbols[place] = alphabet[values[place]];
        return Format(symbols);
    }

    /// <summary>
    /// Reads what a person has typed: with or without prefix and separators, and in any case unless the alphabet has both.
    /// </summary>
    /// <param name="typed">The text.</param>
    /// <param name="number">The number of the code.</param>
    /// <returns>Whether it is a code. One that isn't was mistyped.</returns>
    public bool TryRead(ReadOnlySpan<char> typed, out long number)
    {
        number = 0;
        // A separator behind each character, and some more.
        if (typed.Length > 4 * (MaximumPrefixLength + SymbolCount))
            return false;
        var text = WithoutPrefix(typed);

        if (text.Length != SymbolCount)
            return false;
        Span<int> values = stackalloc int[SymbolCount];
        for (var place = 0; place < values.Length; place++)
        {
            values[place] = alphabet.ValueOf(text[place]);
            if (values[place] < 0)
                return false;
        }

        if (Check && CheckSymbol.Of(values[..Length], alphabet.Size) != values[Length])
            return false;
        foreach (var value in values[..Length])
            number = number * alphabet.Size + value;
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(CodeFormat? other) => other is not null && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CodeFormat);

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// The alphabet, the length, the number of characters of a group, 1 for a check symbol or 0 for none, and the prefix, each
    /// behind a space but the first. None of them contains one.
    /// </summary>
    public override string ToString() => text;

    private string WithoutPrefix(ReadOnlySpan<char> typed)
    {
        if (FindPrefixEnd(typed) is not (>= 0 and var end))
            return Normalize(typed);
        var rest = Normalize(typed[end..]);
        // Otherwise the prefix of a code that lacks characters could be taken for them.
        var isSeparated = Prefix.Length > 0 && CodeAlphabet.IsSeparator(Prefix[^1])
            && end < typed.Length && CodeAlphabet.IsSeparator(typed[end]);
        return isSeparated || rest.Length == SymbolCount ? rest : Normalize(typed);
    }

    /// <summary>Gets where the characters of the prefix end in a text that begins with them; -1 in any other.</summary>
    private int FindPrefixEnd(ReadOnlySpan<char> typed)
    {
        var (place, found) = (0, 0);
        for (; place < typed.Length && found < normalizedPrefix.Length; place++)
        {
            if (CodeAlphabet.IsSeparator(typed[place]))
                continue;
            if (CodeAlphabet.Fold(typed[place]) != CodeAlphabet.Fold(normalizedPrefix[found]))
                return -1;
            found++;
        }

        return found == normalizedPrefix.Length ? place : -1;
    }

    private string Format(ReadOnlySpan<char> symbols)
    {
        Span<char> code = stackalloc char[MaximumPrefixLength + 2 * symbols.Length];
        Prefix.CopyTo(code);
        var end = Prefix.Length;
        for (var place = 0; place < symbols.Length; place++)
        {
            if (Group > 0 && place > 0 && place % Group == 0)
                code[end++] = GroupSeparator;
            code[end++] = symbols[place];
        }

        return code[..end].ToString();
    }

    private static Int128 CountOf(int size, int length)
    {
        Int128 count = 1;
        for (var i = 0; i < length && count <= long.MaxValue; i++)
            count *= size;
        return count;
    }

    private static string Normalize(ReadOnlySpan<char> typed)
    {
        var text = new char[typed.Length];
        var count = 0;
        foreach (var character in typed)
        {
            if (!CodeAlphabet.IsSeparator(character))
                text[count++] = character;
        }

        return new string(text, 0, count);
    }
}
