using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Server.Telemetry;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Hosting;

/// <summary>
/// Converts exceptions and error statuses without a body to problems, logs failed and slow requests, and measures requests. One
/// middleware instead of ASP.NET Core's three, because each adds a state machine to every draw.
/// </summary>
internal static partial class RequestBoundary
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    public static void UseRequestBoundary(this WebApplication app)
    {
        var logger = app.Logger;
        var metrics = app.Services.GetRequiredService<RequestMetrics>();
        app.Use(next => context => InvokeAsync(context, next, metrics, logger));
    }

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next, RequestMetrics metrics, ILogger logger)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (Exception error) when (IsAborted(context, error))
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            // Otherwise Kestrel would read the rest of an abandoned body.
            context.Abort();
            metrics.Record(context, Stopwatch.GetElapsedTime(started));
            return;
        }
        catch (Exception error) when (!context.Response.HasStarted && ToProblem(error) is { } problem)
        {
            if (error is StoreException failure)
                context.RequestServices.GetRequiredService<StoreHealth>().Report(failure);
            context.Response.Clear();
            if (error is RefusedException { RetryAfter: { } wait })
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await problem.SendAsync(context, error.Message);
        }
#pragma warning disable CA1031 // Every failure must be answered and logged.
        catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            LogUnexpected(logger, error, context.Request.Method, context.Request.LoggedPath());
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        var response = context.Response;
        if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted && response.ContentType is null)
            await Problem.FromStatus(response.StatusCode).SendAsync(context);

        // A response that has started was streamed at the speed of the client.
        var elapsed = Stopwatch.GetElapsedTime(started);
        metrics.Record(context, elapsed);
        var milliseconds = elapsed.TotalMilliseconds;
        if (response.StatusCode >= StatusCodes.Status500InternalServerError)
            LogFailed(logger, context.Request.Method, context.Request.LoggedPath(), response.StatusCode, milliseconds);
        else if (elapsed > Slow && !response.HasStarted)
            LogSlow(logger, context.Request.Method, context.Request.LoggedPath(), response.StatusCode, milliseconds);
    }

    /// <summary>Returns the problem for an expected error; null for any other.</summary>
    private static ProblemHttpResult? ToProblem(Exception error) => error switch
    {
        RefusedException refused => refused.Problem,
        BadHttpRequestException bad => Problem.FromStatus(bad.StatusCode),
        StoreException failure => Problem.Of(failure),
        InsufficientMemoryException => Problem.OutOfMemory(error.Message),
        InsufficientDiskException => Problem.OutOfDisk(error.Message),
        _ => null,
    };

    /// <summary>Whether the client has closed the connection. A read may fail before the token is canceled.</summary>
    private static bool IsAborted(HttpContext context, Exception error) =>
        error is ConnectionResetException or ConnectionAbortedException
        || (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception error, string method, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} failed with {Status} after {Milliseconds:0} ms")]
    private static partial void LogFailed(ILogger logger, string method, string path, int status, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was slow: {Status} after {Milliseconds:0} ms")]
    private static partial void LogSlow(ILogger logger, string method, string path, int status, double milliseconds);
}
