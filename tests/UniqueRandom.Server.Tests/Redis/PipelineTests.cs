using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Commands that are sent without waiting for the answers.</summary>
public sealed class PipelineTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    [Fact]
    public async Task Draws_in_one_write_are_answered_in_their_order()
    {
        var pool = await server.CreatePoolAsync(2000);
        using var client = await server.ConnectAsync();

        await client.SendAsync(RespClient.Repeat(1000, "SPOP", pool));

        // Nobody else draws from the pool.
        var numbers = (await client.NextAsync(1000)).Select(answer => answer.Number);
        Assert.Equal((await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0), numbers);
    }

    [Fact]
    public async Task Draws_that_are_sent_together_share_transactions()
    {
        using var directory = new TemporaryDirectory();
        await using var redis = await RedisProcess.StartAsync(directory, "--maximum", "20000");
        using var client = await redis.ConnectAsync();
        var before = WriteAheadLog.Read(directory.Database);
        for (var i = 0; i < 20; i++)
            _ = (await client.CallAsync("SPOP", "default")).Number;
        var alone = WriteAheadLog.Read(directory.Database);

        await client.SendAsync(RespClient.Repeat(1000, "SPOP", "default"));

        Assert.All(await client.NextAsync(1000), answer => Assert.InRange(answer.Number, 1, 20_000));
        var together = WriteAheadLog.Read(directory.Database);
        Assert.Equal((before.Salt, before.Salt), (alone.Salt, together.Salt));
        Assert.Equal(20, alone.Transactions - before.Transactions);
        // At most 128 draws of a connection wait together. The system may deliver fewer bytes at once.
        Assert.InRange(together.Transactions - alone.Transactions, 1000 / 128, 100);
    }

    [Fact]
    public async Task Mixed_commands_are_executed_and_answered_in_their_order()
    {
        var pool = await server.CreatePoolAsync(1000);
        using var client = await server.ConnectAsync();
        var commands = new List<byte>();
        for (var i = 0; i < 100; i++)
        {
            foreach (var command in (string[][])[
                ["SPOP", pool], ["UR.DRAW", pool, "2", $"mixed-{i}"], ["ECHO", $"{i}"], ["SPOP", pool, "3"], ["SCARD", pool],
                ["NONSENSE"], ["SPOP", "nowhere"], ["HELLO", i % 2 == 0 ? "3" : "2"], ["SPOP", pool, "0"], ["SPOP", pool]])
            {
                commands.AddRange(RespClient.Encode(command));
            }
        }

        await client.SendAsync(commands.ToArray());

        var drawn = new List<long>();
        for (var i = 0; i < 100; i++)
        {
            var answers = await client.NextAsync(10);
            drawn.Add(answers[0].Number);
            drawn.AddRange(answers[1].Items![0].Numbers);
            Assert.Equal($"${i}", $"{answers[2]}");
            Assert.Equal(i % 2 == 0 ? '*' : '~', answers[3].Type);
            drawn.AddRange(answers[3].Numbers);
            Assert.Equal($":{1000 - drawn.Count}", $"{answers[4]}");
            answers[5].Error("ERR unknown command 'NONSENSE'");
            answers[6].Error("ERR pool-not-found");
            Assert.Equal(i % 2 == 0 ? '%' : '*', answers[7].Type);
            answers[8].Error("ERR invalid-request");
            drawn.Add(answers[9].Number);
        }

        Assert.Equal((await server.Client.FetchAsync($"/pools/{pool}/draws")).Lines.NumbersFrom(0), drawn);
    }

    [Fact]
    public async Task Everything_that_was_sent_before_the_client_ends_is_answered()
    {
        var pool = await server.CreatePoolAsync(1000);
        foreach (var count in (int[])[1, 127, 128, 129, 256])
        {
            using var client = await server.ConnectAsync();
            await client.SendAsync(RespClient.Repeat(count, "SPOP", pool));
            await client.SendAsync("*2\r\n$4\r\nSPOP\r\n"u8.ToArray());
            client.EndSending();

            Assert.Equal(count, (await client.NextAsync(count)).Select(answer => answer.Number).Distinct().Count());
            Assert.Null(await client.ReceiveAsync());
        }

        Assert.Equal(1 + 127 + 128 + 129 + 256, await server.Client.DrawnAsync(pool));
    }
}
