using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace UniqueRandom.Server.Redis;

/// <summary>Serves the connections of clients of Redis.</summary>
internal sealed class RedisConnectionHandler(IServiceProvider provider) : ConnectionHandler
{
    /// <summary>How long a client may take to authenticate, if the server has access keys.</summary>
    private static readonly TimeSpan AuthenticationTimeout = TimeSpan.FromSeconds(10);

    /// <summary>After how many seconds without data the system checks whether the client still exists.</summary>
    private const int KeepAliveSeconds = 300;

    private readonly RedisServices services = ActivatorUtilities.CreateInstance<RedisServices>(provider);
    private long lastId;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var client = new RedisConnection(connection, services, Interlocked.Increment(ref lastId));
        await using var timer = client.IsAuthenticated
            ? null
            : new Timer(_ => AbortUnlessAuthenticated(client, connection), null, AuthenticationTimeout, Timeout.InfiniteTimeSpan);
        // The server stops: the commands that were read are executed, and no more are read.
        await using var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?
            .ConnectionClosedRequested.Register(connection.Transport.Input.CancelPendingRead);
        try
        {
            KeepAlive(connection);
            await client.RunAsync();
        }
        catch (Exception error) when (error
            is IOException or ConnectionAbortedException or SocketException or ObjectDisposedException)
        {
            // The client has closed or reset the connection, or the server has aborted it. Kestrel would log it as an error.
        }
    }

    private static void KeepAlive(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
    }

    private static void AbortUnlessAuthenticated(RedisConnection client, ConnectionContext connection)
    {
        if (!client.IsAuthenticated)
            connection.Abort(new ConnectionAbortedException("The client did not authenticate in time."));
    }
}
