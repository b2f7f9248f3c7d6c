using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;
using UniqueRandom.Server.Systemd;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Hosting;

/// <summary>Runs the server, from binding its addresses to closing the store.</summary>
internal static partial class ServerLife
{
    /// <summary>How long a stop may take. The host uses up to 4 seconds of it for the requests.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(9);

    /// <summary>Serves until the process is stopped or the store fails.</summary>
    /// <returns>The exit code: 0 if stopped, 1 after a failure.</returns>
    /// <exception cref="StartException">The server could not start.</exception>
    public static async Task<int> ServeAsync(this WebApplication app)
    {
        await ListenAsync(app);
        var isHanging = false;
        using var stopLimit = new Timer(_ =>
        {
            // First: the store may recover, and end the process, at the same time.
            Volatile.Write(ref isHanging, true);
            EndHanging(app.Logger);
        });
        await using var registration = app.Lifetime.ApplicationStopping.Register(() =>
        {
            stopLimit.Change(StopTimeout, Timeout.InfiniteTimeSpan);
            app.Services.GetRequiredService<ServiceManager>().Notify(ServiceState.Stopping);
        });
        app.Services.GetRequiredService<Watchdog>().Start();
        var (isWorking, isClosed) = (false, false);
        try
        {
            isWorking = await RunAsync(app);
        }
        finally
        {
            // Closed here, because an exception from the service provider's disposal would crash the process.
            isClosed = await TryCloseStoreAsync(app);
        }

        return isWorking && isClosed && !Volatile.Read(ref isHanging) ? 0 : 1;
    }

    private static async Task ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidOperationException)
        {
            var (addresses, setting) = ListenAddresses.ReadHttp(app.Configuration);
            // The addresses for metrics were added at the end.
            var metrics = app.Services.GetRequiredService<ServerOptions>().MetricsUrls.Count;
            var isOfMetrics = metrics > 0 && app.Urls.Count >= addresses.Count - metrics;
            throw BindFailure.Of(error, addresses, app.Urls.Count, isOfMetrics ? MetricsAddresses.Switch : setting);
        }
    }

    /// <summary>Opens the pools, and serves until the last draw is answered.</summary>
    /// <returns>Whether the store worked to the end.</returns>
    private static async Task<bool> RunAsync(WebApplication app)
    {
        var services = app.Services;
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            var pool = await ActivatorUtilities.CreateInstance<PoolStartup>(services).OpenAsync(stopping);
            services.GetRequiredService<StartGate>().Open();
            services.GetRequiredService<ServiceManager>().Notify(ServiceState.Ready);
            services.GetRequiredService<PoolReading>().Refresh();
            var options = services.GetRequiredService<ServerOptions>();
            var urls = string.Join(", ", app.Urls.Concat(options.RedisEndpoints.Select(RedisAddresses.ToText)));
            LogServing(
                app.Logger, pool.Definition.Name, pool.Definition.Range, options.Store.Place, pool.Cursor, pool.Remaining, urls);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStoppedEarly(app.Logger);
            await app.StopAsync();
            return true;
        }

        var queue = services.GetRequiredService<DrawQueue>();
        var failing = StopOnFailureAsync(app, queue.Failure);
        // The host answers its requests, or abandons them after the shutdown timeout; the queue answers the draws that are left.
        await app.WaitForShutdownAsync();
        await queue.DisposeAsync();
        if (queue.Failure.IsCompleted)
        {
            await failing;
            return false;
        }

        return await TryLogStopAsync(app);
    }

    /// <summary>Ends the process, whose store hangs when it has to stop. Disposing anything would wait for it as well.</summary>
    private static void EndHanging(ILogger logger)
    {
        LogHanging(logger, StopTimeout.TotalSeconds);
        Environment.Exit(1);
    }

    private static async Task StopOnFailureAsync(WebApplication app, Task<Exception> failure)
    {
        var error = await failure;
        if (error is StoreException)
            LogStoreFailed(app.Logger, error.Message);
        else
            LogFailed(app.Logger, error);
        app.Lifetime.StopApplication();
    }

    private static async Task<bool> TryLogStopAsync(WebApplication app)
    {
        try
        {
            var pool = await app.Services.GetRequiredService<IPoolStore>().FindAsync(PoolName.Default, CancellationToken.None);
            LogStopped(app.Logger, pool?.Definition.Name, pool?.Cursor, pool?.Remaining);
            return true;
        }
        catch (StoreException error)
        {
            LogStoppedWithoutStore(app.Logger, error.Message);
            return error.Fault != StoreFault.Fatal;
        }
    }

    private static async Task<bool> TryCloseStoreAsync(WebApplication app)
    {
        try
        {
            await app.Services.GetRequiredService<IPoolStore>().DisposeAsync();
            return true;
        }
#pragma warning disable CA1031 // Whatever the store throws, the process ends with its exit code and one line.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogNotClosed(app.Logger, error.Message);
            return false;
        }
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

    [LoggerMessage(Level = LogLevel.Critical, Message = "The store failed, and the process stops: {Reason}")]
    private static partial void LogStoreFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The store failed unexpectedly, and the process stops")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The store has not stopped within {Seconds} s; the process ends without closing it")]
    private static partial void LogHanging(ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The store could not be closed: {Reason}")]
    private static partial void LogNotClosed(ILogger logger, string reason);
}
