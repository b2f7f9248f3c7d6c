using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace UniqueRandom.Server.Redis;

/// <summary>Writes replies in RESP2 or RESP3.</summary>
internal sealed class RespWriter(IBufferWriter<byte> output)
{
    // A type, the digits of a 64-bit integer, and CR LF.
    private const int LongestLine = 24;

    /// <summary>The version of the protocol, 2 or 3. Default 2: a client asks for 3 with HELLO.</summary>
    public int Version { get; set; } = 2;

    public void WriteSimple(ReadOnlySpan<byte> text)
    {
        output.Write("+"u8);
        output.Write(text);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes an error. Line breaks would end it, so all control characters become spaces.</summary>
    public void WriteError(string text)
    {
        var line = string.Create(text.Length, text, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
        output.Write("-"u8);
        output.Write(Encoding.UTF8.GetBytes(line));
        output.Write("\r\n"u8);
    }

    public void WriteInteger(long value) => WriteLine((byte)':', value);

    public void WriteBulk(ReadOnlySpan<byte> text)
    {
        WriteLine((byte)'$', text.Length);
        output.Write(text);
        output.Write("\r\n"u8);
    }

    public void WriteBulk(string text) => WriteBulk(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a number as the text that Redis has for a member of a set.</summary>
    public void WriteNumber(long number)
    {
        var span = output.GetSpan(2 * LongestLine);
        // At most 20 digits: two digits for their count where there are ten or more.
        var start = number is > -100_000_000 and < 1_000_000_000 ? 4 : 5;
        Utf8Formatter.TryFormat(number, span[start..], out var digits);
        span[0] = (byte)'$';
        if (start == 5)
            span[1] = (byte)('0' + digits / 10);
        span[start - 3] = (byte)('0' + digits % 10);
        "\r\n"u8.CopyTo(span[(start - 2)..]);
        "\r\n"u8.CopyTo(span[(start + digits)..]);
        output.Advance(start + digits + 2);
    }

    /// <summary>Writes null in place of a string.</summary>
    public void WriteNull() => output.Write(Version == 3 ? "_\r\n"u8 : "$-1\r\n"u8);

    /// <summary>Writes null in place of an array.</summary>
    public void WriteNullArray() => output.Write(Version == 3 ? "_\r\n"u8 : "*-1\r\n"u8);

    public void WriteBoolean(bool value)
    {
        if (Version == 3)
            output.Write(value ? "#t\r\n"u8 : "#f\r\n"u8);
        else
            WriteInteger(value ? 1 : 0);
    }

    /// <summary>Begins an array of so many elements.</summary>
    public void BeginArray(int count) => WriteLine((byte)'*', count);

    /// <summary>Begins a set; an array in RESP2.</summary>
    public void BeginSet(int count) => WriteLine((byte)(Version == 3 ? '~' : '*'), count);

    /// <summary>Begins a map of so many pairs; an array in RESP2.</summary>
    public void BeginMap(int count)
    {
        if (Version == 3)
            WriteLine((byte)'%', count);
        else
            BeginArray(2 * count);
    }

    private void WriteLine(byte type, long value)
    {
        var span = output.GetSpan(LongestLine);
        span[0] = type;
        Utf8Formatter.TryFormat(value, span[1..], out var digits);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        output.Advance(1 + digits + 2);
    }
}
