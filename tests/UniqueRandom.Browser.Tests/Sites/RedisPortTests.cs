using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using UniqueRandom.Browser.Tests.Browsing;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Browser.Tests.Sites;

/// <summary>Pages of other sites in a real browser, which can send bytes to the port of the Redis protocol.</summary>
public sealed class RedisPortTests(Chromium chromium)
{
    private const string Commands = "*2\r\n$4\r\nSPOP\r\n$7\r\ndefault\r\n";

    private const string Script = """
        async ({ address, commands }) => {
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
        using var directory = new TemporaryDirectory();
        var port = LoopbackPort.Take();
        await using var server = await ServerProcess.StartAsync(
            directory, "--maximum", "1000", "--redis-urls", $"127.0.0.1:{port}");
        await using var site = await OtherSite.StartAsync();
        await using var context = await chromium.NewContextAsync();
        var (page, _) = await context.OpenAsync($"http://{host}:{site.Port}/");
        var failures = new ConcurrentQueue<string>();
        page.RequestFailed += (_, request) => failures.Enqueue($"{request.Method} {request.Failure}");

        await page.EvaluateAsync(Script, new { address = $"http://127.0.0.1:{port}", commands = Commands });

        Assert.Equal(0, await server.Client.DrawnAsync("default"));
        // The browser has sent the requests, and got what is no HTTP.
        Assert.Contains("POST net::ERR_INVALID_HTTP_RESPONSE", failures);
        Assert.Contains("GET net::ERR_INVALID_HTTP_RESPONSE", failures);
        // The same commands draw if nothing precedes them.
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Commands));
        using var reply = new StreamReader(client.GetStream());
        Assert.StartsWith("$", await reply.ReadLineAsync());
        Assert.Equal(1, await server.Client.DrawnAsync("default"));
    }
}
