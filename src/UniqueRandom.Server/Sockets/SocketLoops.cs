using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Sockets;

/// <summary>
/// Serves connections on event loops: the threads of the socket engine read, parse and answer, without a hop to the thread pool.
/// DESIGN.md explains why.
/// </summary>
internal static class SocketLoops
{
    /// <summary>The variable of .NET that completes the operations of sockets on the threads of the engine.</summary>
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>The variable of .NET for the number of these threads.</summary>
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>More threads than this wait for the one that commits.</summary>
    private const int MaximumThreads = 8;

    /// <summary>How many requests of one connection an event loop serves in a row.</summary>
    private const int HttpReadsInRow = 32;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Starts the loops. Before the first socket of the process, because .NET reads its settings then.</summary>
    /// <returns>Whether the loops run. Otherwise connections are served on the thread pool.</returns>
    /// <exception cref="StartException">The process can't create more sockets.</exception>
    public static bool UseEventLoops(this WebApplicationBuilder builder)
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Inline) is not (null or "1")
            || TryStart() is not { } loops)
        {
            return false;
        }

        loops.ForEach(loop => builder.Services.AddSingleton<EventLoop>(loop));

        builder.Services.AddSingleton<Marker>();
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => Wrap(endpoint, next))));
        return true;
    }

    /// <summary>
    /// Lets the connections of an endpoint, which has no TLS, give way to others on their event loop after each read.
    /// </summary>
    public static void UseEventLoops(this ListenOptions endpoint)
    {
        if (endpoint.ApplicationServices.GetService<Marker>() is not null)
            endpoint.Use(next => Wrap(next, transport => new LoopTransport(transport, readsInRow: 1)));
    }

    /// <summary>Moves requests to the thread pool, except those of routes that stay on their event loop.</summary>
    public static void UseThreadPool(this WebApplication app)
    {
        if (app.Services.GetService<Marker>() is not null)
            app.Use(next => context => EventLoopRoutes.Contain(context) ? next(context) : PoolContext.RunAsync(context, next));
    }

    private static List<SocketLoop>? TryStart()
    {
        Environment.SetEnvironmentVariable(Inline, "1");
        if (!int.TryParse(Environment.GetEnvironmentVariable(ThreadCount), out var threads) || threads < 1)
        {
            threads = Math.Clamp(Environment.ProcessorCount - 1, 1, MaximumThreads);
            Environment.SetEnvironmentVariable(ThreadCount, $"{threads}");
        }

        try
        {
            var loops = Enumerable.Range(0, threads).Select(_ => SocketLoop.Create()).ToList();
            if (loops.TrueForAll(loop => loop.HasOwnThread.Wait(StartTimeout) && loop.HasOwnThread.Result))
                return loops;
            loops.ForEach(loop => loop.Dispose());
            return null;
        }
        catch (SocketException error)
        {
            throw new StartException(
                $"Can't create the sockets of the event loops: {error.Message.TrimEnd('.')}; raise the limit of open files.",
                error);
        }
    }

    /// <summary>Called when the endpoint is bound, and it is known whether it uses TLS.</summary>
    private static ConnectionDelegate Wrap(ListenOptions endpoint, ConnectionDelegate next) =>
        endpoint.ToString()!.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
            ? Wrap(next, transport => new PoolTransport(transport))
            : Wrap(next, transport => new LoopTransport(transport, HttpReadsInRow));

    private static ConnectionDelegate Wrap(ConnectionDelegate next, Func<IDuplexPipe, IDuplexPipe> wrap) => connection =>
    {
        connection.Transport = wrap(connection.Transport);
        return next(connection);
    };

    private sealed class Marker;
}
