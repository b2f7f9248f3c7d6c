using System.Globalization;
using System.Text;

namespace UniqueRandom.Server.Redis;

/// <summary>The arguments of a command. The first one is its name.</summary>
internal readonly ref struct RespCommand(ReadOnlySpan<byte> bytes, ReadOnlySpan<Range> arguments)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly ReadOnlySpan<Range> arguments = arguments;

    public int Count => arguments.Length;

    public ReadOnlySpan<byte> this[int index] => bytes[arguments[index]];

    /// <summary>Whether an argument is a word, in upper or lower case.</summary>
    public bool Is(int index, ReadOnlySpan<byte> word) => index < Count && Ascii.EqualsIgnoreCase(this[index], word);

    /// <summary>Gets an argument as text; bytes that are not UTF-8 become U+FFFD, which no rule allows.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Gets an argument as an integer; null if it is none in this range.</summary>
    public int? Integer(int index, int smallest, int largest) =>
        int.TryParse(this[index], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value >= smallest && value <= largest ? value : null;
}
