using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using UniqueRandom.Pools;
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
        catch (Exception error) when (error is ConnectionResetException || error is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
            context.Abort();
            return;
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            // A body that is broken or cut off is the client's mistake, and nothing for the operator.
            context.Response.Clear();
            context.Response.StatusCode = bad.StatusCode;
        }
        catch (RefusedException refused)
        {
            await refused.Problem.SendAsync(context);
        }
        catch (StoreException error) when (!context.Response.HasStarted)
        {
            await (error.Fault == StoreFault.Unavailable ? Problem.StoreUnavailable() : Problem.InDoubt()).SendAsync(context);
        }
        catch (InsufficientMemoryException error)
        {
            await Problem.OutOfMemory(error.Message).SendAsync(context);
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
            await Problem.OfStatus(response.StatusCode).ExecuteAsync(context);

        var elapsed = Stopwatch.GetElapsedTime(started);
        if (response.StatusCode >= StatusCodes.Status500InternalServerError)
            LogFailed(logger, context.Request.Method, context.Request.Path, response.StatusCode, elapsed.TotalMilliseconds);
        else if (elapsed > Slow)
            LogSlow(logger, context.Request.Method, context.Request.Path, response.StatusCode, elapsed.TotalMilliseconds);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception error, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} failed with {Status} after {Milliseconds:0} ms")]
    private static partial void LogFailed(ILogger logger, string method, PathString path, int status, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was slow: {Status} after {Milliseconds:0} ms")]
    private static partial void LogSlow(ILogger logger, string method, PathString path, int status, double milliseconds);
}
