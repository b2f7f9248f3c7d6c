using System.Reflection;
using Serilog;
using Serilog.Events;
using Serilog.Settings.Configuration;
using UniqueRandom.Metrics;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Codes;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Events;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Redis;
using UniqueRandom.Server.Sockets;
using UniqueRandom.Server.Systemd;
using UniqueRandom.Server.Telemetry;
using UniqueRandom.Server.Webhooks;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Hosting;

/// <summary>Builds the server. Starts nothing, and reads only the settings files.</summary>
internal static class ServerApplication
{
    /// <summary>The sinks that settings can name. A native program can't load others.</summary>
    private static readonly Assembly[] SinkAssemblies =
        [typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly];

    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> switches)
    {
        // The default builder watches the content root for changed settings. By default that is the directory of the database,
        // where every commit wakes the watcher, which cost a quarter of the throughput.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddSettings(switches);
        builder.Services.AddSerilog(CreateLogger(builder.Configuration), dispose: true);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(4);
            host.ServicesStopConcurrently = true;
        });
        builder.Services.AddSingleton<RefusalLog>();
        builder.UseHttp();
        return builder;
    }

    /// <param name="builder">The builder.</param>
    /// <param name="useEventLoops">Whether event loops serve the connections where they can. They change all sockets of the
    /// process, so only its main program may ask for them.</param>
    public static WebApplicationBuilder AddPools(this WebApplicationBuilder builder, bool useEventLoops = false)
    {
        var options = ServerOptions.From(builder.Configuration);
        var access = AccessOptions.From(builder.Configuration);
        // A store that uses sockets would compute on the event loops.
        var hasLoops = useEventLoops && !options.Store.IsAsynchronous && builder.UseEventLoops();
        var queue = options.Queue with { HasCommitThread = hasLoops };
        if (options.Store.IsAsynchronous)
            builder.Services.AddSingleton<EventLoop, ThreadPoolLoop>();
        MetricsAddresses.AddEndpoints(builder.Configuration, options.MetricsUrls);
        builder.WebHost.UseUrls([options.Urls, .. options.MetricsUrls]);
        builder.Services
            .AddSingleton(options)
            .AddSingleton(access)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IPoolStore>(services => options.Store.Create(services.GetRequiredService<TimeProvider>()))
            .AddSingleton(services => new DrawQueue(
                services.GetRequiredService<IPoolStore>(), queue, services.GetRequiredService<DrawActivity>()))
            .AddSingleton<DrawActivity>()
            .AddSingleton<StoreRetry>()
            .AddSingleton<Seeding>()
            .AddSingleton<SeedingWatch>()
            .AddSingleton<StartGate>()
            .AddSingleton<StoreHealth>()
            .AddSingleton<StartVerification>()
            .AddSingleton<PoolFeed>()
            .AddCodes()
            .AddResponseCompression(compression => compression.EnableForHttps = true)
            .AddServiceManager()
            .AddServerMetrics(builder.Configuration)
            .AddServerTraces(builder.Configuration)
            .AddWebhooks(builder.Configuration)
            .AddAccess(access);
        if (options.RedisEndpoints.Count > 0)
            builder.Services.AddSingleton<RedisConnectionHandler>().AddHostedService<RedisServer>();
        return builder;
    }

    /// <summary>Configures Kestrel and JSON. Also used without pools.</summary>
    public static void UseHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            HttpLimits.Apply(kestrel.Limits, context.Configuration.GetSection("Kestrel:Limits"));
            kestrel.Configure(context.Configuration.GetSection("Kestrel"));
        });
        builder.Services.AddRouting().AddSingleton<RequestMetrics>();
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
    }

    private static Serilog.Core.Logger CreateLogger(IConfiguration configuration)
    {
        try
        {
            return new LoggerConfiguration()
                .ReadFrom.Configuration(configuration, new ConfigurationReaderOptions(SinkAssemblies))
                .Enrich.With<JournalPriority>()
                // After the settings, so that they can't undo it. Kestrel logs invalid headers, which may contain a key.
                .MinimumLevel.Override("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LevelAlias.Off)
                // RequestBoundary logs requests; the host's own diagnostics would create an activity and a scope for each.
                .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                // What prevents a start is the one line on stderr, or ends the process with its stack trace.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .CreateLogger();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or TargetInvocationException)
        {
            throw new StartException($"The section Serilog is not valid: {error.GetBaseException().Message}", error);
        }
    }
}
