using System.Net.Sockets;
using System.Text;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Hosting;

/// <summary>
/// Clients that disconnect during a request or an answer, or send a malformed body. The server logs
/// no error.
/// </summary>
public sealed class DisconnectTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_client_that_disconnects_logs_no_error()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "2000000");
        for (var draw = 0; draw < 100; draw++)
            (await server.Client.DrawAsync("default", 10_000)).Success(201);

        var head = Encoding.Latin1.GetString(
            RawHttp.Head("POST", "/pools/default/draws", "Content-Type: application/json\r\n", 100));
        await SendAndResetAsync(server, head + "{\"count\"", isAnswered: false);
        await SendAndResetAsync(server, head + "{\"count\":1}", isAnswered: false);
        // Far more than the network buffers hold, so that the server is still sending.
        foreach (var accept in (string[])["text/csv", "application/x-ndjson"])
            await SendAndResetAsync(
                server, $"GET /pools/default/draws HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n", isAnswered: true);

        Assert.Equal(1_000_000, await server.Client.DrawnAsync("default"));
        Assert.Equal(0, await server.StopAsync());
        Assert.DoesNotContain(
            server.Output,
            line => line.Contains(" ERR ", StringComparison.Ordinal) || line.Contains("failed with", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_malformed_body_is_a_client_error()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "10");
        var head = RawHttp.Head(
            "POST", "/pools/default/draws", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", 0);

        (await RawHttp.SendAsync(server.Address, (byte[])[.. head, .. "zz\r\n{\"count\":1}\r\n0\r\n\r\n"u8]))!
            .Problem(400, "bad-request");

        Assert.Equal(0, await server.Client.DrawnAsync("default"));
        Assert.Equal(0, await server.StopAsync());
        Assert.DoesNotContain(server.Output, line => line.Contains(" ERR ", StringComparison.Ordinal));
    }

    /// <summary>Sends a text and resets the connection, either during the answer or immediately.</summary>
    private static async Task SendAndResetAsync(ServerProcess server, string text, bool isAnswered)
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await socket.SendAsync(Encoding.Latin1.GetBytes(text));
        if (isAnswered)
            Assert.NotEqual(0, await socket.ReceiveAsync(new byte[100_000]));
        else
            // A later request is answered, so the text has arrived.
            (await server.Client.FetchAsync("/health")).Expect(200);
    }
}
