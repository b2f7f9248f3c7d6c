using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Sockets;

namespace UniqueRandom.Server.Redis;

/// <summary>
/// Serves the Redis protocol. A second Kestrel, because the first one ignores its URLs as soon as code adds an endpoint.
/// </summary>
internal sealed class RedisServer : IHostedService, IDisposable
{
    private readonly KestrelServer kestrel;
    private readonly IReadOnlyList<EndPoint> endpoints;

    public RedisServer(
        IServiceProvider services,
        IConnectionListenerFactory transport,
        ILoggerFactory loggers,
        IConfiguration configuration,
        ServerOptions options)
    {
        endpoints = options.RedisEndpoints;
        var settings = new KestrelServerOptions { ApplicationServices = services };
        // Of the limits, only the one of connections applies.
        HttpLimits.Apply(settings.Limits, configuration.GetSection("Kestrel:Limits"));
        foreach (var endpoint in endpoints)
            Listen(settings, endpoint);
        kestrel = new KestrelServer(Options.Create(settings), transport, loggers);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await kestrel.StartAsync(new NoHttp(), cancellationToken);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            var bound = kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Count;
            throw BindFailure.Of(error, endpoints.Select(RedisAddresses.ToText), bound, "--redis-urls");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => kestrel.StopAsync(cancellationToken);

    public void Dispose() => kestrel.Dispose();

    private static void Listen(KestrelServerOptions settings, EndPoint endpoint)
    {
        if (endpoint is IPEndPoint address)
            settings.Listen(address, Serve);
        else
            settings.ListenLocalhost(((DnsEndPoint)endpoint).Port, Serve);
    }

    private static void Serve(ListenOptions endpoint)
    {
        endpoint.UseEventLoops();
        endpoint.UseConnectionHandler<RedisConnectionHandler>();
    }

    /// <summary>Kestrel requires an application; no connection gets to it.</summary>
    private sealed class NoHttp : IHttpApplication<int>
    {
        public int CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException();

        public void DisposeContext(int context, Exception? exception) => throw new NotSupportedException();

        public Task ProcessRequestAsync(int context) => throw new NotSupportedException();
    }
}
