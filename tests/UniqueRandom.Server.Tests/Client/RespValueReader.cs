using System.Globalization;
using System.Text;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>Reads one answer of the Redis protocol, version 2 or 3.</summary>
internal ref struct RespValueReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Gets how many bytes were read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the answer. Returns false if it is not whole.</summary>
    public bool TryRead(out RespValue value)
    {
        value = new RespValue('?', null);
        var length = bytes[Position..].IndexOf("\r\n"u8);
        if (length < 0)
            return false;
        var line = Encoding.UTF8.GetString(bytes.Slice(Position, length));
        Position += length + 2;
        switch (line[0])
        {
            case '+' or '-' or ':' or '#':
                value = new RespValue(line[0], line[1..]);
                return true;
            case '_':
                Assert.Equal("_", line);
                value = new RespValue('_', null);
                return true;
            case '$':
                return TryReadBulk(Count(line), out value);
            case '*' or '~' or '%':
                return TryReadItems(line[0], Count(line) * (line[0] == '%' ? 2 : 1), out value);
            default:
                throw new InvalidOperationException($"No answer begins like '{line}'.");
        }
    }

    private bool TryReadBulk(int length, out RespValue value)
    {
        value = new RespValue('$', null);
        if (length < 0)
            return true;
        if (bytes.Length < Position + length + 2)
            return false;
        value = value with { Text = Encoding.UTF8.GetString(bytes.Slice(Position, length)) };
        Assert.True(bytes[(Position + length)..].StartsWith("\r\n"u8), "A bulk string ends with CR LF.");
        Position += length + 2;
        return true;
    }

    private bool TryReadItems(char type, int count, out RespValue value)
    {
        var items = new RespValue[count];
        value = new RespValue(type, null, items);
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(out items[i]))
                return false;
        }

        return true;
    }

    private static int Count(string line) =>
        int.Parse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
