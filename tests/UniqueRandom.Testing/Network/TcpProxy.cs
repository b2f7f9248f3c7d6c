using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace UniqueRandom.Testing.Network;

/// <summary>
/// Simulates network failures between a client and a server. A method applies to all data that arrives after it has returned.
/// </summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly ConcurrentDictionary<ProxiedConnection, bool> connections = new();
    private readonly ProxyGate requests = new();
    private readonly ProxyGate answers = new();
    private readonly EndPoint target;
    private readonly Func<int, int> forwarded;
    private Socket? listener;

    /// <param name="port">The port of the server.</param>
    /// <param name="host">The host of the server.</param>
    /// <param name="forwarded">
    /// How many bytes of an answer to forward, given how many have arrived. If fewer, the connection is closed after them. The
    /// default is all.
    /// </param>
    public TcpProxy(int port, string host = "127.0.0.1", Func<int, int>? forwarded = null)
    {
        this.forwarded = forwarded ?? (count => count);
        target = IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
        Restore();
    }

    /// <summary>The port that clients connect to. It never changes.</summary>
    public int Port { get; } = LoopbackPort.Take();

    /// <summary>Closes every connection and refuses new ones.</summary>
    public void Cut()
    {
        Interlocked.Exchange(ref listener, null)?.Dispose();
        foreach (var connection in connections.Keys)
            connection.Dispose();
    }

    /// <summary>Forwards nothing, in either direction. Connections stay open, and new ones are accepted.</summary>
    public void Freeze()
    {
        requests.Close();
        answers.Close();
    }

    /// <summary>Forwards requests and no answers: transactions commit, and their clients don't learn it.</summary>
    public void FreezeAnswers() => answers.Close();

    /// <summary>Forwards everything again, including blocked data.</summary>
    public void Restore()
    {
        requests.Open();
        answers.Open();
        if (listener is null)
            Listen();
    }

    public void Dispose() => Cut();

    private void Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        socket.Listen();
        listener = socket;
        _ = AcceptAsync(socket);
    }

    private async Task AcceptAsync(Socket socket)
    {
        try
        {
            while (true)
                _ = ServeAsync(await socket.AcceptAsync(), socket);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The listener was disposed by Cut.
        }
    }

    private async Task ServeAsync(Socket client, Socket acceptor)
    {
        client.NoDelay = true;
        var connection = new ProxiedConnection(client, requests, answers, forwarded);
        connections.TryAdd(connection, true);
        // Accepted while the others were closed: Cut has not seen it.
        if (listener != acceptor)
            connection.Dispose();
        await connection.RunAsync(target);
        connections.TryRemove(connection, out _);
    }
}
