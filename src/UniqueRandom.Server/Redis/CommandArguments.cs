using System.Buffers.Text;
using System.Text;

namespace UniqueRandom.Server.Redis;

/// <summary>The arguments of a command. The first one is its name.</summary>
internal readonly ref struct CommandArguments(ReadOnlySpan<byte> bytes, ReadOnlySpan<Range> places)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly ReadOnlySpan<Range> places = places;

    public int Count => places.Length;

    public ReadOnlySpan<byte> this[int index] => bytes[places[index]];

    /// <summary>Whether an argument is a word, in upper or lower case.</summary>
    public bool Is(int index, ReadOnlySpan<byte> word) => index < Count && Ascii.EqualsIgnoreCase(this[index], word);

    /// <summary>Gets an argument as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Gets an argument as an integer; null if it has other characters than digits, or is out of range.</summary>
    public int? Integer(int index, int smallest, int largest)
    {
        var digits = this[index];
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(digits, out int value, out _)
            && value >= smallest && value <= largest ? value : null;
    }
}
