using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Stores;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;

namespace UniqueRandom.Server.Hosting;

/// <summary>
/// The last word on every request: an error without a body becomes a problem, and failed and slow requests are logged. One middleware
/// in place of three, since each costs every draw a state machine.
/// </summary>
internal static partial class RequestBoundary
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    public static void UseRequestBoundary(this WebApplication app)
    {
        var logger = app.Logger;
        app.Use(next => context => GuardAsync(context, next, logger));
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (Exception error) when (IsGone(context, error))
        {
            // Nobody is left to be answered, nor to be sent the rest of an export.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            // Or Kestrel would read the rest of a body whose reading was given up in the middle.
            context.Abort();
            return;
        }
        catch (Exception error) when (!context.Response.HasStarted && Explain(error) is { } problem)
        {
            LogRefused(logger, context.Request.Method, context.Request.Path, error.Message);
            if (error is StoreException failure)
                context.RequestServices.GetRequiredService<StoreHealth>().Report(failure);
            context.Response.Clear();
            await problem.SendAsync(context);
        }
#pragma warning disable CA1031 // Whatever failed, the client is told that it did, and the operator why.
        catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            LogUnexpected(logger, error, context.Request.Method, context.Request.Path);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        var response = context.Response;
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted && response.ContentType is null)
            await Problem.OfStatus(response.StatusCode).SendAsync(context);

        // What has started by now was streamed, as fast as the client took it.
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (response.StatusCode >= StatusCodes.Status500InternalServerError)
            LogFailed(logger, context.Request.Method, context.Request.Path, response.StatusCode, elapsed.TotalMilliseconds);
        else if (elapsed > Slow && !response.HasStarted)
            LogSlow(logger, context.Request.Method, context.Request.Path, response.StatusCode, elapsed.TotalMilliseconds);
    }

    /// <summary>What the client is told of an error that was foreseen; null of any other.</summary>
    private static ProblemHttpResult? Explain(Exception error) => error switch
    {
        RefusedException refused => refused.Problem,
        BadHttpRequestException bad => Problem.OfStatus(bad.StatusCode),
        StoreException { Fault: StoreFault.Unavailable } => Problem.StoreUnavailable(),
        StoreException => Problem.InDoubt(),
        InsufficientMemoryException => Problem.OutOfMemory(error.Message),
        InsufficientDiskException => Problem.OutOfDisk(error.Message),
        _ => null,
    };

    /// <summary>The connection ended while the request was read or answered. Reading may find out before the token does.</summary>
    private static bool IsGone(HttpContext context, Exception error) => error is ConnectionResetException or ConnectionAbortedException
        || (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string method, PathString path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception error, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} failed with {Status} after {Milliseconds:0} ms")]
    private static partial void LogFailed(ILogger logger, string method, PathString path, int status, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was slow: {Status} after {Milliseconds:0} ms")]
    private static partial void LogSlow(ILogger logger, string method, PathString path, int status, double milliseconds);
}
