using System.Collections.Concurrent;
using UniqueRandom.Server.Tests.Browser;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Server.Tests.Redis;

/// <summary>Pages of other sites in a real browser, which can send bytes to any port.</summary>
public sealed class BrowserTests(RedisApiServer server) : IClassFixture<RedisApiServer>
{
    private const string Script = """
        async (address, commands) => {
            const send = (path, options) => fetch(address + path, { mode: 'no-cors', ...options }).catch(() => {});
            await send('/', { method: 'POST', body: commands });
            await send('/', { method: 'POST', body: new Blob(['\r\n' + commands]) });
            await send('/' + encodeURIComponent(commands), {});
            await send('/*2', { method: 'POST', body: commands, keepalive: true });
            const socket = new WebSocket(address.replace('http', 'ws') + '/*2');
            await new Promise(end => socket.onclose = end);
            const frame = Object.assign(document.createElement('iframe'), { name: 'answer' });
            document.body.append(frame);
            const form = Object.assign(
                document.createElement('form'), { action: address, method: 'post', target: 'answer', enctype: 'text/plain' });
            form.append(Object.assign(document.createElement('textarea'), { name: commands, value: commands }));
            document.body.append(form);
            const end = new Promise(end => frame.onload = end);
            form.submit();
            await end;
            navigator.sendBeacon(address, commands);
            await send('/last', {});
        }
        """;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1")]
    public async Task Commands_in_requests_of_a_page_draw_nothing(string host)
    {
        var commands = "*2\r\n$4\r\nSPOP\r\n$7\r\ndefault\r\n";
        await using var site = await OtherSite.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var before = await server.DescribePoolsAsync();
        var (page, _) = await chromium.OpenAsync($"http://{host}:{site.Port}/");
        var failures = new ConcurrentQueue<string>();
        page.RequestFailed += (_, failed) => failures.Enqueue($"{failed.Request.Method} {failed.Request.FailureText}");

        await page.EvaluateFunctionAsync(Script, $"http://127.0.0.1:{server.Port}", commands);

        Assert.Equal(before, await server.DescribePoolsAsync());
        // The browser has sent the requests, and got what is no HTTP.
        Assert.Contains("POST net::ERR_INVALID_HTTP_RESPONSE", failures);
        Assert.Contains("GET net::ERR_INVALID_HTTP_RESPONSE", failures);
        // The same commands draw if nothing precedes them.
        using var client = await server.ConnectAsync();
        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(commands));
        Assert.InRange((await client.NextAsync()).Number, 1, ApiServer.DefaultSize);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\0")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("SPOP default\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0")]
    public async Task Another_first_byte_closes_the_connection_with_nothing_executed(string start)
    {
        var before = await server.DescribePoolsAsync();
        using var client = await server.ConnectAsync();

        await client.SendAsync(
            (byte[])[.. System.Text.Encoding.ASCII.GetBytes(start), .. RespClient.Repeat(3, "SPOP", "default")]);

        Assert.Equal(
            "-ERR Protocol error: expected '*'; a command is an array of bulk strings, never a line of text\r\n",
            await client.ReceiveToEndAsync());
        Assert.Equal(before, await server.DescribePoolsAsync());
    }
}
