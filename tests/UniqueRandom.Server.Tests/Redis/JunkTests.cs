using System.Text;
using CsCheck;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Thousands of damaged commands: nothing is drawn that is not answered, and the server continues to work.</summary>
public sealed class JunkTests(RedisApiServer server, ITestOutputHelper output) : IClassFixture<RedisApiServer>
{
    private const int Sequences = 4000;
    private const int Size = 1_000_000;

    private readonly HashSet<long> answered = [];
    private int malformed;
    private int refused;

    [Fact]
    public async Task Damaged_commands_draw_nothing_that_is_not_answered()
    {
        var pool = await server.CreatePoolAsync(Size);

        await Damaged(pool).SampleAsync(SendAsync, iter: Sequences, threads: 1);

        output.WriteLine($"{answered.Count} numbers, {refused} refused, {malformed} malformed");
        Assert.Equal(answered.Count, await server.Client.DrawnAsync(pool));
        Assert.Equal(answered.Order(), (await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0).Order());
        Assert.InRange(malformed, Sequences / 10, Sequences);
        Assert.InRange(refused, Sequences / 10, 20 * Sequences);
        Assert.NotEmpty(answered);
    }

    [Fact]
    public async Task Random_bytes_draw_nothing()
    {
        var before = await server.DescribePoolsAsync();

        await Gen.Byte.Array[0, 300].SampleAsync(
            async bytes =>
            {
                using var client = await server.ConnectAsync();
                await client.SendAsync((byte[])[.. "*"u8, .. bytes]);
                client.EndSending();
                var answer = await client.ReceiveToEndAsync();
                Assert.True(answer.Length == 0 || answer.StartsWith("-ERR Protocol error", StringComparison.Ordinal), answer);
            },
            iter: 500, threads: 1);

        Assert.Equal(before, await server.DescribePoolsAsync());
        using var next = await server.ConnectAsync();
        Assert.Equal("+PONG", $"{await next.CallAsync("PING")}");
    }

    /// <summary>Commands that have no bulk string in their answers except numbers, of which some bytes are changed.</summary>
    private static Gen<byte[]> Damaged(string pool)
    {
        var command = Gen.OneOf(
            Gen.Const((string[])["SPOP", pool]),
            Gen.Int[1, 30].Select(count => (string[])["SPOP", pool, $"{count}"]),
            Gen.Select(Gen.Int[1, 3], Gen.Int[0, 99], (count, key) => (string[])["UR.DRAW", pool, $"{count}", $"key-{key}"]),
            Gen.Const((string[])["SCARD", pool]),
            Gen.Const((string[])["SELECT", "0"]),
            Gen.Const((string[])["NONSENSE", pool, "1"])).Select(arguments => RespClient.Encode(arguments));
        var value = Gen.OneOf(Gen.OneOf("\r\n*$09\0"u8.ToArray()), Gen.Byte);
        var change = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 999], Gen.Int[1, 20], value);
        return from commands in command.Array[1, 8]
               from changes in change.Array[1, 3]
               select changes.Aggregate(commands.SelectMany(bytes => bytes).ToArray(), Change);
    }

    private static byte[] Change(byte[] bytes, (int Kind, int Place, int Length, byte Value) change)
    {
        if (bytes.Length == 0)
            return bytes;
        var at = change.Place % bytes.Length;
        var end = Math.Min(at + change.Length, bytes.Length);
        return change.Kind switch
        {
            0 => [.. bytes[..at], change.Value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], change.Value, .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[end..]],
            3 => [.. bytes[..end], .. bytes[at..]],
            _ => bytes[..at],
        };
    }

    private async Task SendAsync(byte[] bytes)
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync(bytes);
        client.EndSending();
        while (await client.ReceiveAsync() is { } answer)
            Record(answer, Encoding.Latin1.GetString(bytes));
    }

    private void Record(RespValue answer, string sent)
    {
        if (answer.Type == '-')
        {
            malformed += answer.Text!.StartsWith("ERR Protocol error", StringComparison.Ordinal) ? 1 : 0;
            refused++;
        }
        else if (answer.Type == '$')
        {
            Assert.True(answered.Add(answer.Number), sent);
        }
        else if (answer is { Type: '*', Items: [{ Type: '*' } numbers, { Type: ':' } isReplayed] })
        {
            Assert.All(numbers.Numbers, number => Assert.True(answered.Add(number) == (isReplayed.Text == "0"), sent));
        }
        else if (answer.Type == '*')
        {
            Assert.All(answer.Numbers, number => Assert.True(answered.Add(number), sent));
        }
    }
}
