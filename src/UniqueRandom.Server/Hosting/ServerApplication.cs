using Serilog;
using Serilog.Extensions.Logging;
using UniqueRandom.Metrics;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Hosting;

/// <summary>The parts of the server, put together. Nothing is started, and no file is touched but the settings.</summary>
internal static class ServerApplication
{
    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> switches)
    {
        // Empty, because the usual builder watches the content root for changed settings: by default the directory of the database,
        // where every commit would wake the watcher. That alone cost a quarter of the throughput.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        try
        {
            builder.Configuration
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
                .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .AddEnvironmentVariables("ASPNETCORE_")
                .AddInMemoryCollection(switches);
        }
        catch (InvalidDataException error)
        {
            throw new StartException($"{error.Message} {error.GetBaseException().Message}", error);
        }

        builder.Logging
            .SetMinimumLevel(LogLevel.Trace)
            // The RequestBoundary says what there is to say of a request; the host's own diagnostics make an activity and a scope for each.
            .AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            // Kestrel repeats a header that it can't read, and the key in it.
            .AddFilter<SerilogLoggerProvider>("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None)
            .AddSerilog(CreateLogger(builder.Configuration), dispose: true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        builder.UseHttp();
        return builder;
    }

    public static WebApplicationBuilder AddPools(this WebApplicationBuilder builder)
    {
        var options = ServerOptions.From(builder.Configuration);
        var access = AccessOptions.From(builder.Configuration);
        builder.WebHost.UseUrls(options.Urls);
        builder.Services
            .AddSingleton(options)
            .AddSingleton(access)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IPoolStore>(services => options.Store.Create(services.GetRequiredService<TimeProvider>()))
            .AddSingleton(services => new DrawQueue(services.GetRequiredService<IPoolStore>(), options.Queue, services.GetRequiredService<DrawActivity>()))
            .AddSingleton<DrawActivity>()
            .AddSingleton<StoreRetry>()
            .AddSingleton<Seeding>()
            .AddSingleton<StartGate>()
            .AddSingleton<StoreHealth>()
            .AddAccess(access);
        return builder;
    }

    /// <summary>How this program speaks HTTP, with or without pools behind it.</summary>
    public static void UseHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            HttpLimits.Apply(kestrel.Limits, context.Configuration.GetSection("Kestrel:Limits"));
            kestrel.Configure(context.Configuration.GetSection("Kestrel"));
        });
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
    }

    private static Serilog.Core.Logger CreateLogger(IConfiguration configuration)
    {
        try
        {
            return new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger();
        }
        catch (InvalidOperationException error)
        {
            throw new StartException($"The settings of the section Serilog can't be used: {error.Message}", error);
        }
    }
}
