using System.Text.RegularExpressions;
using CsCheck;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The answers don't depend on how the network splits the commands.</summary>
public sealed partial class SplitTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    private const int Keys = 20;

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf("", "\r\n", "*1\r\n$4\r\nSPOP\r\n", "$-1\r\n", "+OK", "🎲"),
        Gen.Char['\0', 'ÿ'].Array[0, 300].Select(characters => new string(characters)));

    private static readonly Gen<byte[]> Commands = Gen.OneOf(
        Gen.OneOf(
            "PING", "HELLO 3", "HELLO 2", "HELLO 7", "CLIENT GETNAME", "CLIENT SETNAME tombola", "SELECT 0", "SELECT 1", "RESET",
            "SCARD default", "SCARD nowhere", "SPOP nowhere", "SPOP default 0", "SPOP default 10001", "SPOP default 10000",
            "SPOP", "UR.DRAW default 1", "COMMAND COUNT", "COMMAND DOCS SPOP", "NONSENSE", "QUIT now")
            .Select(text => text.Split(' ')),
        Texts.Select(text => (string[])["ECHO", text]),
        Texts.Select(text => (string[])["PING", text]),
        Texts.Select(text => (string[])["SPOP", text + "!"]),
        Gen.Int[0, Keys - 1].Select(key => (string[])["UR.DRAW", "default", $"{1 + key}", $"key-{key}"]),
        Gen.Int[0, Keys - 1].Select(key => (string[])["UR.DRAW", "default", "9999", $"key-{key}"]))
        .Select(arguments => RespClient.Encode(arguments));

    private static readonly Gen<(byte[] Bytes, int[] Cuts)> Pipelines =
        from commands in Gen.Frequency(
            (30, Commands), (1, Gen.Const("*0\r\n"u8.ToArray())), (1, Gen.Const("GET /\r\n"u8.ToArray()))).Array[1, 20]
        let bytes = commands.SelectMany(command => command).ToArray()
        from cuts in Gen.Int[1, bytes.Length].Array[1, 10]
        select (bytes, cuts.Distinct().Order().ToArray());

    [Fact]
    public async Task Commands_that_are_split_anywhere_have_the_answers_of_those_in_one_piece()
    {
        // From now on the draws of these keys are replays, and nothing else is drawn.
        using (var client = await server.ConnectAsync())
        {
            for (var key = 0; key < Keys; key++)
                Assert.Equal('*', (await client.CallAsync("UR.DRAW", "default", $"{1 + key}", $"key-{key}")).Type);
        }

        await Pipelines.SampleAsync(
            async pipeline =>
            {
                var whole = await AnswerAsync(pipeline.Bytes, []);
                var parts = await AnswerAsync(pipeline.Bytes, pipeline.Cuts);
                return whole == parts ? true : throw new InvalidOperationException($"{whole}\nis not\n{parts}");
            },
            iter: 300, threads: 1);
    }

    private async Task<string> AnswerAsync(byte[] bytes, int[] cuts)
    {
        using var client = await server.ConnectAsync();
        var sent = 0;
        foreach (var cut in (int[])[.. cuts, bytes.Length])
        {
            await client.SendAsync(bytes.AsMemory(sent, cut - sent));
            sent = cut;
            await Task.Yield();
        }

        client.EndSending();
        return ConnectionId().Replace(await client.ReceiveToEndAsync(), "id");
    }

    [GeneratedRegex(@"\$2\r\nid\r\n:\d+")]
    private static partial Regex ConnectionId();
}
