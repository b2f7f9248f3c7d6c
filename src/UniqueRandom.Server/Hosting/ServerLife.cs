using System.Net.Sockets;
using UniqueRandom.Queueing;
using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Health;

namespace UniqueRandom.Server.Hosting;

/// <summary>Runs the server, from binding the port to closing the store.</summary>
internal static partial class ServerLife
{
    /// <summary>Serves until the process is stopped or the store fails.</summary>
    /// <returns>The exit code: 0 if stopped, 1 after a failure.</returns>
    /// <exception cref="StartException">The server could not start.</exception>
    public static async Task<int> ServeAsync(this WebApplication app)
    {
        var services = app.Services;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await StartListeningAsync(app);
        try
        {
            var pool = await ActivatorUtilities.CreateInstance<PoolStartup>(services).OpenAsync(stopping);
            services.GetRequiredService<StartGate>().Open();
            var (name, range) = (pool.Definition.Name, pool.Definition.Range);
            var place = services.GetRequiredService<ServerOptions>().Store.Place;
            LogServing(app.Logger, name, range, place, pool.Cursor, pool.Remaining, string.Join(", ", app.Urls));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStoppedEarly(app.Logger);
            await app.StopAsync();
            return 0;
        }

        var failure = services.GetRequiredService<DrawQueue>().Failure;
        await Task.WhenAny(app.WaitForShutdownAsync(), failure);
        return failure.IsCompleted ? await FailAsync(app, await failure) : await StopAsync(app);
    }

    private static async Task StartListeningAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidOperationException)
        {
            throw new StartException(
                $"Can't listen on {string.Join(", ", app.Urls)}: {error.Message.TrimEnd('.')}; "
                + "choose another address with --urls.",
                error);
        }
    }

    private static async Task<int> FailAsync(WebApplication app, Exception failure)
    {
        LogFailed(app.Logger, failure);
        await app.StopAsync();
        return 1;
    }

    private static async Task<int> StopAsync(WebApplication app)
    {
        // The host has finished or abandoned its requests by now; the queue completes the draws that are still in it.
        await app.Services.GetRequiredService<DrawQueue>().DisposeAsync();
        var store = app.Services.GetRequiredService<IPoolStore>();
        try
        {
            var pool = await store.FindAsync(PoolName.Default, CancellationToken.None);
            LogStopped(app.Logger, pool?.Definition.Name, pool?.Cursor, pool?.Remaining);
        }
        catch (StoreException error)
        {
            LogStoppedWithoutStore(app.Logger, error.Message);
        }

        await store.DisposeAsync();
        return 0;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Serving pool {Pool} ({Range}) from {Place}: {Drawn} drawn, {Remaining} remaining, at {Urls}")]
    private static partial void LogServing(
        ILogger logger, string pool, PoolRange range, string place, long drawn, long remaining, string urls);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped: pool {Pool} has {Drawn} drawn, {Remaining} remaining")]
    private static partial void LogStopped(ILogger logger, string? pool, long? drawn, long? remaining);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped; the store could not be read: {Reason}")]
    private static partial void LogStoppedWithoutStore(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped before the pools were ready")]
    private static partial void LogStoppedEarly(ILogger logger);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The store failed, so the state on disk is unknown; stopping")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
