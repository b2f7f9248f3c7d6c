using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using UniqueRandom.Server.Access;

namespace UniqueRandom.Server.Events;

/// <summary>The route that streams what changes in the pools.</summary>
internal sealed class EventEndpoints(PoolFeed feed)
{
    private static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(1);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events", StreamAsync).RequiresKey();

    private Task StreamAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // Tells nginx and others not to collect the stream.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(ReadAsync(context.RequestAborted)).ExecuteAsync(context);
    }

    private async IAsyncEnumerable<SseItem<byte[]>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in feed.WatchAsync(cancellationToken))
        {
            yield return new SseItem<byte[]>(message, message.Length == 0 ? "heartbeat" : "pools")
            {
                ReconnectionInterval = ReconnectionInterval,
            };
        }
    }
}

internal static class EventRoutes
{
    public static void MapEvents(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<EventEndpoints>(app.Services).Map(app);
}
