using System.Globalization;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>The package <c>redis</c> of Node.js, from a folder in the variable NODE_PATH.</summary>
public sealed class NodeClientTests : IDisposable
{
    private const string Script = """
        const { createClient } = require('redis');
        const [port, password] = process.argv.slice(1);
        (async () => {
            const drawn = [];
            for (const RESP of [2, 3]) {
                const client = createClient({ socket: { port, reconnectStrategy: false }, RESP, username: 'shop', password });
                await client.connect();
                if (await client.ping() !== 'PONG' || await client.sCard('default') !== 3000 - drawn.length)
                    throw new Error('PING or SCARD');
                drawn.push(await client.sPop('default'), ...await client.sPopCount('default', 9));
                const draw = () => client.sendCommand(['UR.DRAW', 'default', '10', `key-${RESP}`, 'a reference']);
                const [numbers, isReplayed] = await draw();
                const [again, isReplayedAgain] = await draw();
                if (isReplayed || !isReplayedAgain || `${numbers}` !== `${again}`)
                    throw new Error('UR.DRAW');
                drawn.push(...numbers);
                drawn.push(...await Promise.all(Array.from({ length: 1000 }, () => client.sPop('default'))));
                const refused = await client.sPop('nowhere').catch(error => error.message);
                if (!refused.startsWith('ERR pool-not-found: '))
                    throw new Error(refused);
                await client.close();
            }
            const stranger = createClient({ socket: { port, reconnectStrategy: false }, password: 'guess' });
            stranger.on('error', () => {});
            const refused = await stranger.connect().catch(error => error.message);
            if (!refused.startsWith('WRONGPASS '))
                throw new Error(refused);
            console.log(JSON.stringify(drawn.map(Number)));
        })();
        """;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Its_commands_draw_over_both_versions_of_the_protocol()
    {
        Assert.SkipUnless(
            (await RunAsync("require('redis')")).IsSuccess,
            "The package redis is not installed (npm install --prefix folder redis, NODE_PATH=folder/node_modules).");
        var shop = new KeyHolder("shop", "draw", "1000000");
        await using var redis = await RedisProcess.StartAsync(directory, KeyHolder.Environment(shop), "--maximum", "3000");

        var result = await RunAsync(Script, redis.Port.ToString(CultureInfo.InvariantCulture), shop.Key);

        Assert.True(result.IsSuccess, result.StandardError);
        var numbers = JsonSerializer.Deserialize<long[]>(result.StandardOutput)!;
        Assert.Equal(2 * 1020, numbers.Length);
        Assert.Equal(0, await redis.Server.StopAsync());
        Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyReceived(numbers));
    }

    private static async Task<BufferedCommandResult> RunAsync(string script, params IEnumerable<string> arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            return await Cli.Wrap("node").WithArguments(["-e", script, .. arguments])
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(limit.Token);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Node.js is not installed (apt-get install nodejs npm).");
            throw;
        }
    }
}
