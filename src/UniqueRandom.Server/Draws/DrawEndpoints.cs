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

/// <summary>
/// The routes that draw. They have no HTTP metrics, which take as much time as a fifth of a draw: draws have their own.
/// </summary>
internal sealed class DrawEndpoints(DrawQueue queue, IPoolStore store, ILogger<DrawEndpoints> logger)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/random", DrawFromDefaultAsync).RequiresDraw().StaysOnEventLoop().DisableHttpMetrics();
        routes.MapGet("/pools/{pool}/random", context => DrawOneAsync(context, context.Pool()))
            .RequiresDraw().StaysOnEventLoop().DisableHttpMetrics();
        routes.MapPost("/pools/{pool}/draws", DrawManyAsync).RequiresDraw().StaysOnEventLoop().DisableHttpMetrics();
        string[] head = [HttpMethods.Head];
        routes.MapMethods("/random", head, context => DescribeAsync(context, PoolName.Default)).RequiresDraw();
        routes.MapMethods("/pools/{pool}/random", head, context => DescribeAsync(context, context.Pool())).RequiresDraw();
    }

    public Task DrawFromDefaultAsync(HttpContext context) => DrawOneAsync(context, PoolName.Default);

    private async Task DrawOneAsync(HttpContext context, string pool)
    {
        var outcome = await DrawAsync(context, new DrawRequest(pool, Key: context.Key(), Caller: Caller.Of(context)));
        if (outcome.Kind == DrawOutcomeKind.Drawn)
            DrawnNumber.Write(context.Response, outcome);
    }

    private async Task DrawManyAsync(HttpContext context)
    {
        var (pool, key) = (context.Pool(), context.Key());
        var fields = await JsonFields.ReadAsync(context.Request, "count", "reference");
        var count = (int)fields.Integer("count", 1, DrawRequest.MaximumCount);
        var reference = fields.Text(
            "reference",
            text => Reference.IsValid(text),
            $"reference must be null or {Rules.Reference}");

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
            await DrawProblem.Of(outcome, request.Pool).SendAsync(context);
            return outcome;
        }

        if (outcome.IsReplayed)
            context.Response.Headers["Idempotency-Replayed"] = "true";
        logger.LogDrawn(request, outcome);
        return outcome;
    }

    /// <summary>Answers HEAD like a GET without an Idempotency-Key, and draws nothing.</summary>
    private async Task DescribeAsync(HttpContext context, string name)
    {
        _ = context.Key();
        if (DrawProblem.Of(name, await store.FindAsync(name, context.RequestAborted)) is { } problem)
        {
            await problem.SendAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
    }
}

internal static class DrawRoutes
{
    private static readonly Endpoint DirectRandom =
        new(requestDelegate: null, new EndpointMetadataCollection(new DisableHttpMetricsAttribute()), "GET /random");

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
        app.Use(next => context => IsRandom(context.Request) ? DrawAsync(context) : next(context));

        Task DrawAsync(HttpContext context)
        {
            context.SetEndpoint(DirectRandom);
            return endpoints.DrawFromDefaultAsync(context);
        }
    }

    private static bool IsRandom(HttpRequest request) =>
        request.Path.Value == "/random" && HttpMethods.IsGet(request.Method) && !CrossSite.IsCrossSite(request);
}
