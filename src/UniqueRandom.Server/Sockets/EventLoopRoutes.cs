namespace UniqueRandom.Server.Sockets;

/// <summary>The routes that stay on an event loop, because they never wait for a store.</summary>
internal static class EventLoopRoutes
{
    private static readonly Marker Metadata = new();

    public static IEndpointConventionBuilder StaysOnEventLoop(this IEndpointConventionBuilder route) =>
        route.WithMetadata(Metadata);

    public static bool Contain(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null;

    private sealed class Marker;
}
