using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Draws;

/// <summary>The routes that draw.</summary>
internal sealed partial class DrawEndpoints(DrawQueue queue, ILogger<DrawEndpoints> logger)
{
    private const string NoStore = "no-store";
    private const string RetryAfterSeconds = "1";

    private async Task DrawOneAsync(HttpContext context)
    {
        try
        {
            var outcome = await queue.DrawAsync(new DrawRequest(PoolStartup.DefaultPool), context.RequestAborted);
            if (outcome.Kind != DrawOutcomeKind.Drawn)
            {
                await RefuseAsync(context, outcome);
                return;
            }

            DrawnNumber.Write(context.Response, outcome.Number);
            LogDrawn(outcome.Pool!.Name, outcome.Position, outcome.Number);
            if (outcome.Remaining == 0)
                LogExhausted(outcome.Pool.Name, outcome.Pool.Range.Size);
        }
        catch (StoreException error)
        {
            context.Response.Headers.CacheControl = NoStore;
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await (error.Fault == StoreFault.Unavailable ? Problem.StoreUnavailable() : Problem.InDoubt()).ExecuteAsync(context);
        }
    }

    private static async Task RefuseAsync(HttpContext context, DrawOutcome outcome)
    {
        context.Response.Headers.CacheControl = NoStore;
        if (outcome.Kind == DrawOutcomeKind.QueueFull)
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        await Explain(outcome).ExecuteAsync(context);
    }

    private static ProblemHttpResult Explain(in DrawOutcome outcome) => outcome.Kind switch
    {
        DrawOutcomeKind.Exhausted => Problem.PoolExhausted(outcome.Pool!.Name, outcome.Pool.Range.Size, outcome.Remaining),
        DrawOutcomeKind.PoolNotFound => Problem.PoolNotFound(PoolStartup.DefaultPool),
        DrawOutcomeKind.PoolClosed => Problem.PoolClosed(outcome.Pool!.Name),
        DrawOutcomeKind.QueueFull => Problem.QueueFull(),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Kind, "This outcome is no refusal."),
    };

    /// <summary>Says what a GET would say, and draws nothing.</summary>
    private static Task DescribeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = NoStore;
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Drew position {Position} of pool {Pool}: {Number}")]
    private partial void LogDrawn(string pool, int position, long number);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pool {Pool} is exhausted: all of its {Size} numbers are drawn")]
    private partial void LogExhausted(string pool, int size);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/random", DrawOneAsync);
        routes.MapMethods("/random", [HttpMethods.Head], DescribeAsync);
    }
}

internal static class DrawRoutes
{
    public static void MapDraws(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<DrawEndpoints>(app.Services).Map(app);
}
