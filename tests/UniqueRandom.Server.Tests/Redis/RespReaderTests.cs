using System.Text;
using UniqueRandom.Server.Redis;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Commands as bytes, whole and in part.</summary>
public sealed class RespReaderTests
{
    private const string Pop = "*2\r\n$4\r\nSPOP\r\n$7\r\ndefault\r\n";

    private static readonly RespLimits Limits = new(Arguments: 8, Length: 100);

    [Theory]
    [InlineData(Pop, "SPOP default")]
    [InlineData("*1\r\n$4\r\nPING\r\n", "PING")]
    [InlineData("*2\r\n$4\r\nECHO\r\n$0\r\n\r\n", "ECHO ")]
    [InlineData("*2\r\n$4\r\nECHO\r\n$4\r\n\r\n\0ÿ\r\n", "ECHO \r\n\0ÿ")]
    [InlineData("*00001\r\n$00004\r\nPING\r\n", "PING")]
    [InlineData("*0\r\n", "")]
    public void A_command_is_an_array_of_bulk_strings(string command, string arguments)
    {
        Assert.Equal((RespStatus.Complete, arguments, command.Length), Read(command));
        Assert.Equal((RespStatus.Complete, arguments, command.Length), Read($"{command}*1\r\n$4\r\nPING\r\n"));
        Assert.Equal((RespStatus.Complete, arguments, command.Length), Read($"{command}junk"));
    }

    [Fact]
    public void A_command_that_is_cut_anywhere_is_incomplete()
    {
        for (var length = 0; length < Pop.Length; length++)
            Assert.Equal(RespStatus.Incomplete, Read(Pop[..length]).Status);
    }

    [Theory]
    [InlineData("PING\r\n")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("$4\r\nPING\r\n")]
    [InlineData("*\r\n")]
    [InlineData("*1\n$4\r\nPING\r\n")]
    [InlineData("*1\r$4\r\nPING\r\n")]
    [InlineData("*1\r\n*1\r\n$4\r\nPING\r\n")]
    [InlineData("*1\r\n:4\r\n")]
    [InlineData("*1\r\n\r\n$4\r\nPING\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("*+1\r\n")]
    [InlineData("* 1\r\n")]
    [InlineData("*1 \r\n")]
    [InlineData("*1a\r\n")]
    [InlineData("*000001\r\n")]
    [InlineData("*1\r\n$\r\n")]
    [InlineData("*1\r\n$-1\r\n")]
    [InlineData("*1\r\n$4\nPING\r\n")]
    [InlineData("*1\r\n$3\r\nPING\r\n")]
    [InlineData("*1\r\n$5\r\nPING\r\n*1")]
    [InlineData("*1\r\n$4\r\nPING\n\n")]
    public void Anything_else_is_malformed(string bytes) => Assert.Equal(RespStatus.Malformed, Read(bytes).Status);

    [Theory]
    [InlineData("P")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("*x")]
    [InlineData("*9")]
    [InlineData("*99999")]
    [InlineData("*1\r\n$101")]
    [InlineData("*1\r\n$99999")]
    [InlineData("*1\r\nx")]
    public void Malformed_bytes_are_recognized_before_more_follow(string bytes) =>
        Assert.Equal(RespStatus.Malformed, Read(bytes).Status);

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void The_arguments_are_limited(int count, bool isAllowed) =>
        Assert.Equal(
            isAllowed ? RespStatus.Complete : RespStatus.Malformed,
            Read($"*{count}\r\n{string.Concat(Enumerable.Repeat("$1\r\na\r\n", count))}").Status);

    /// <summary>An argument may be as long as what the limit leaves where the line with its length begins.</summary>
    [Theory]
    [InlineData(1, 96, true)]
    [InlineData(1, 97, false)]
    [InlineData(2, 44, true)]
    [InlineData(2, 45, false)]
    public void The_bytes_are_limited(int count, int length, bool isAllowed)
    {
        var argument = $"${length}\r\n{new string('a', length)}\r\n";
        var command = $"*{count}\r\n{string.Concat(Enumerable.Repeat(argument, count))}";

        Assert.Equal(isAllowed ? RespStatus.Complete : RespStatus.Malformed, Read(command).Status);
    }

    /// <summary>Reads a command whose characters are bytes. Returns the arguments with spaces between them.</summary>
    private static (RespStatus Status, string Arguments, int Position) Read(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Span<Range> places = stackalloc Range[Limits.Arguments];
        var reader = new RespReader(bytes, Limits);
        var status = reader.Read(places, out var count);
        Assert.Equal(status == RespStatus.Malformed, reader.Error.Length > 0);
        if (status != RespStatus.Complete)
            return (status, "", 0);
        var arguments = places[..count].ToArray().Select(place => Encoding.Latin1.GetString(bytes[place]));
        return (status, string.Join(' ', arguments), reader.Position);
    }
}
