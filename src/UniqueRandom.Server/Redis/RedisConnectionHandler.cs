using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace UniqueRandom.Server.Redis;

/// <summary>Serves the connections of clients of Redis.</summary>
internal sealed class RedisConnectionHandler(IServiceProvider provider) : ConnectionHandler
{
    private readonly RedisServices services = ActivatorUtilities.CreateInstance<RedisServices>(provider);
    private long lastId;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        // The server stops: the commands that were read are answered, and no more are read.
        await using var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?
            .ConnectionClosedRequested.Register(connection.Transport.Input.CancelPendingRead);
        try
        {
            await new RedisConnection(connection, services, Interlocked.Increment(ref lastId)).RunAsync();
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The client has closed the connection.
        }
    }
}
