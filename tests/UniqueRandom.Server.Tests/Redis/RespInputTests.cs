using System.Text;
using CsCheck;
using UniqueRandom.Server.Redis;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Damaged commands: however the bytes arrive, they are read alike, and nothing is read that was not sent.</summary>
public sealed class RespInputTests(ITestOutputHelper output)
{
    private static readonly RespLimits Limits = new(Arguments: 8, Length: 200);

    private static readonly Gen<byte[]> Commands = Gen.OneOf(
        Gen.OneOf("PING", "HELLO 3", "SPOP default 10", "UR.DRAW default 1 key-17 order-4711", "COMMAND DOCS SPOP")
            .Select(text => text.Split(' ')),
        Gen.OneOf("", "\r\n", "*1\r\n", "$4\r\n").Select(text => (string[])["ECHO", text]),
        Gen.Char['\0', 'ÿ'].Array[0, 60].Select(characters => (string[])["ECHO", new string(characters)]))
        .Select(arguments => RespClient.Encode(arguments));

    [Fact]
    public Task Damaged_commands_are_read_alike_in_any_parts() => InputSearch.RunAsync(
        Commands.Mutated(),
        bytes =>
        {
            var (status, arguments, length) = Read(bytes);
            var decided = false;
            for (var part = 0; part <= bytes.Length; part++)
            {
                var (early, first, end) = Read(bytes.AsSpan(0, part));
                Assert.True(!decided || early != RespStatus.Incomplete, "More bytes don't undo a decision.");
                decided |= early != RespStatus.Incomplete;
                if (decided)
                {
                    Assert.Equal((status, length), (early, end));
                    Assert.Equal(arguments, first);
                    break;
                }
            }

            if (status != RespStatus.Complete)
                return false;
            Assert.InRange(length, 4, Limits.Length);
            var again = Encoding.Latin1.GetBytes(
                $"*{arguments.Length}\r\n{string.Concat(arguments.Select(text => $"${text.Length}\r\n{text}\r\n"))}");
            Assert.Equal(arguments, Read(again).Arguments);
            // Only zeros before a length are not written again.
            Assert.InRange(again.Length, 4, length);
            return true;
        },
        output);

    private static (RespStatus Status, string[] Arguments, int Length) Read(ReadOnlySpan<byte> bytes)
    {
        Span<Range> places = stackalloc Range[Limits.Arguments];
        var reader = new RespReader(bytes, Limits);
        var status = reader.Read(places, out var count);
        Assert.Equal(status == RespStatus.Malformed, reader.Error.Length > 0);
        if (status != RespStatus.Complete)
            return (status, [], 0);
        var arguments = new string[count];
        for (var i = 0; i < count; i++)
            arguments[i] = Encoding.Latin1.GetString(bytes[places[i]]);
        return (status, arguments, reader.Position);
    }
}
