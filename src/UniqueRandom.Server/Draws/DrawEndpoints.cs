using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Server.Sockets;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Draws;

/// <summary>The routes that draw.</summary>
internal sealed partial class DrawEndpoints(DrawQueue queue, IPoolStore store, ILogger<DrawEndpoints> logger)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/random", DrawFromDefaultAsync).RequiresDraw().StaysOnEventLoop();
        routes.MapGet("/pools/{pool}/random", context => DrawOneAsync(context, context.Pool())).RequiresDraw().StaysOnEventLoop();
        routes.MapPost("/pools/{pool}/draws", DrawManyAsync).RequiresDraw().StaysOnEventLoop();
        string[] head = [HttpMethods.Head];
        routes.MapMethods("/random", head, context => DescribeAsync(context, PoolName.Default)).RequiresDraw();
        routes.MapMethods("/pools/{pool}/random", head, context => DescribeAsync(context, context.Pool())).RequiresDraw();
    }

    public Task DrawFromDefaultAsync(HttpContext context) => DrawOneAsync(context, PoolName.Default);

    private async Task DrawOneAsync(HttpContext context, string pool)
    {
        var outcome = await DrawAsync(context, new DrawRequest(pool, Key: context.Key(), Caller: Caller.Of(context)));
        if (outcome.Kind == DrawOutcomeKind.Drawn)
            DrawnNumber.Write(context.Response, outcome.Number);
    }

    private async Task DrawManyAsync(HttpContext context)
    {
        var (pool, key) = (context.Pool(), context.Key());
        var fields = await JsonFields.ReadAsync(context.Request, "count", "reference");
        var count = (int)fields.Integer("count", 1, DrawRequest.MaximumCount);
        var reference = fields.Text(
            "reference",
            text => Reference.IsValid(text),
            $"reference must be null or have 1 to {Reference.MaximumLength} characters without control characters.");

        var outcome = await DrawAsync(context, new DrawRequest(pool, count, reference, key, Caller.Of(context)));
        if (outcome.Kind == DrawOutcomeKind.Drawn)
            DrawnNumbers.Write(context.Response, outcome, reference);
    }

    /// <summary>Draws, and sends the problem if the draw is refused.</summary>
    private async ValueTask<DrawOutcome> DrawAsync(HttpContext context, DrawRequest request)
    {
        var outcome = await queue.DrawAsync(request, context.RequestAborted);
        if (outcome.Kind != DrawOutcomeKind.Drawn)
        {
            await ToProblem(outcome, request.Pool).SendAsync(context);
            return outcome;
        }

        if (outcome.IsReplayed)
            context.Response.Headers["Idempotency-Replayed"] = "true";
        LogDrawn(outcome.Count, outcome.Position, request.Pool, request.Caller ?? Caller.Anonymous, outcome.Number);
        return outcome;
    }

    private static ProblemHttpResult ToProblem(in DrawOutcome outcome, string pool) => outcome.Kind switch
    {
        DrawOutcomeKind.Exhausted => Problem.PoolExhausted(pool, outcome.Pool!.Range.Size, outcome.Remaining),
        DrawOutcomeKind.PoolNotFound => Problem.PoolNotFound(pool),
        DrawOutcomeKind.PoolClosed => Problem.PoolClosed(pool),
        DrawOutcomeKind.PoolSeeding => Problem.PoolSeeding(pool),
        DrawOutcomeKind.KeyConflict => Problem.KeyConflict(),
        DrawOutcomeKind.QueueFull => Problem.QueueFull(),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Kind, "The outcome is not a refusal."),
    };

    /// <summary>Answers HEAD like a GET without an Idempotency-Key, and draws nothing.</summary>
    private async Task DescribeAsync(HttpContext context, string name)
    {
        _ = context.Key();
        if (FindProblem(name, await store.FindAsync(name, context.RequestAborted)) is { } problem)
        {
            await problem.SendAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
    }

    private static ProblemHttpResult? FindProblem(string name, Pool? pool) => pool?.State switch
    {
        null => Problem.PoolNotFound(name),
        PoolState.Seeding => Problem.PoolSeeding(name),
        PoolState.Closed => Problem.PoolClosed(name),
        PoolState.Exhausted => Problem.PoolExhausted(name, pool.Definition.Range.Size, pool.Remaining),
        _ => null,
    };

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "Drew {Count} at position {Position} of pool {Pool} for {Caller}, first number {Number}")]
    private partial void LogDrawn(int count, long position, string pool, string caller, long number);
}

internal static class DrawRoutes
{
    public static void MapDraws(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<DrawEndpoints>(app.Services).Map(app);

    /// <summary>
    /// Answers GET /random of a server without keys before routing. Other spellings of the path are routed.
    /// </summary>
    public static void UseDirectRandom(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AccessOptions>().Keys.Count > 0)
            return;
        var endpoints = ActivatorUtilities.CreateInstance<DrawEndpoints>(app.Services);
        app.Use(next => context => IsRandom(context.Request) ? endpoints.DrawFromDefaultAsync(context) : next(context));
    }

    private static bool IsRandom(HttpRequest request) =>
        request.Path.Value == "/random" && HttpMethods.IsGet(request.Method) && !CrossSite.IsCrossSite(request);
}
