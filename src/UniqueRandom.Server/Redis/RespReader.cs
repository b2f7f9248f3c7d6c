namespace UniqueRandom.Server.Redis;

/// <summary>The limits of a command.</summary>
/// <param name="Arguments">The largest number of arguments, including the name of the command.</param>
/// <param name="Length">The largest number of bytes.</param>
internal readonly record struct RespLimits(int Arguments, int Length);

internal enum RespStatus
{
    /// <summary>The command is whole.</summary>
    Complete,

    /// <summary>More bytes must follow.</summary>
    Incomplete,

    /// <summary>The bytes are not a command, and nothing behind them can be read.</summary>
    Malformed,
}

/// <summary>
/// Reads commands of RESP, the protocol of Redis: arrays of bulk strings, like <c>*1\r\n$4\r\nPING\r\n</c>. Inline commands
/// are malformed, because browsers can send lines of text to any port.
/// </summary>
/// <remarks>See https://redis.io/docs/latest/develop/reference/protocol-spec/.</remarks>
internal ref struct RespReader(ReadOnlySpan<byte> bytes, RespLimits limits)
{
    private const int MaximumDigits = 5;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Gets how many bytes were read: those of the command if it is complete.</summary>
    public int Position { get; private set; }

    /// <summary>Gets what is wrong with a malformed command.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Skips an empty line, which redis-cli sends before its last command.</summary>
    /// <returns>False if it may be incomplete.</returns>
    public bool TrySkipEmptyLine()
    {
        if (bytes is [(byte)'\r', (byte)'\n', ..])
            Position = 2;
        return bytes is not [(byte)'\r'];
    }

    /// <summary>Reads the places of the arguments.</summary>
    /// <param name="arguments">Receives the places, as many as fit.</param>
    /// <param name="count">The number of arguments, which can be larger.</param>
    public RespStatus Read(scoped Span<Range> arguments, out int count)
    {
        var status = ReadLength((byte)'*', limits.Arguments, out count);
        for (var i = 0; i < count && status == RespStatus.Complete; i++)
        {
            status = ReadLength((byte)'$', limits.Length - Position, out var length);
            if (status != RespStatus.Complete)
                break;
            var end = Position + length;
            if (bytes.Length < end + 2)
                return RespStatus.Incomplete;
            if (bytes[end] != '\r' || bytes[end + 1] != '\n')
                return Malformed("a bulk string is longer than its length");
            if (i < arguments.Length)
                arguments[i] = Position..end;
            Position = end + 2;
        }

        return status;
    }

    private RespStatus ReadLength(byte type, int largest, out int length)
    {
        length = 0;
        var line = bytes[Position..];
        if (line.IsEmpty)
            return RespStatus.Incomplete;
        if (line[0] != type)
            return Malformed($"expected '{(char)type}'; a command is an array of bulk strings, never a line of text");
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] == '\r' && i > 1)
                return EndLine(line, i);
            if (!char.IsAsciiDigit((char)line[i]) || i > MaximumDigits)
                return Malformed("invalid length");
            length = 10 * length + line[i] - '0';
            if (length > largest)
                return Malformed(
                    type == '*' ? $"more than {limits.Arguments} arguments" : $"the command has more than {limits.Length} bytes");
        }

        return RespStatus.Incomplete;
    }

    private RespStatus EndLine(ReadOnlySpan<byte> line, int at)
    {
        if (at + 1 == line.Length)
            return RespStatus.Incomplete;
        Position += at + 2;
        return line[at + 1] == '\n' ? RespStatus.Complete : Malformed("invalid length");
    }

    private RespStatus Malformed(string error)
    {
        Error = error;
        return RespStatus.Malformed;
    }
}
