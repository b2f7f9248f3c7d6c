using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Testing.Network;

/// <summary>One connection through a <see cref="TcpProxy"/>. A frozen direction does not forward a close, either.</summary>
internal sealed class ProxiedConnection(Socket client, ProxyGate requests, ProxyGate answers, Func<int, int> forwarded)
    : IDisposable
{
    private readonly Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource cut = new();

    /// <summary>Forwards until the connection is closed, by either side or by <see cref="Dispose"/>.</summary>
    public async Task RunAsync(EndPoint target)
    {
        try
        {
            await requests.PassAsync(cut.Token);
            await server.ConnectAsync(target, cut.Token);
            await await Task.WhenAny(
                PumpAsync(client, server, requests, count => count),
                PumpAsync(server, client, answers, forwarded));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Reset: close the other side, too.
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        cut.Cancel();
        client.Dispose();
        server.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, ProxyGate gate, Func<int, int> forwarded)
    {
        var buffer = new byte[16 * 1024];
        int count, kept;
        do
        {
            count = await from.ReceiveAsync(buffer, cut.Token);
            await gate.PassAsync(cut.Token);
            kept = count == 0 ? 0 : forwarded(count);
            for (var sent = 0; sent < kept;)
                sent += await to.SendAsync(buffer.AsMemory(sent, kept - sent), cut.Token);
        }
        while (count > 0 && kept == count);
    }
}
