using UniqueRandom.Metrics;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>The route that extends pools.</summary>
internal sealed partial class ExtensionEndpoints(
    IPoolStore store, Seeding seeding, DrawActivity activity, TimeProvider time, ILogger<ExtensionEndpoints> logger)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/pools/{pool}/extend", ExtendAsync).RequiresAdmin();

    private async Task ExtendAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        // Not canceled with the request: a recorded segment is seeded even if the client has disconnected.
        var (outcome, pool, reason) = await store.ExtendAsync(request, Seed.Generate(), CancellationToken.None);
        // Also of an earlier extension, whose node may have died.
        var seeded = pool?.Pending is null ? Task.CompletedTask : seeding.SeedInBackgroundAsync(request.Pool);
        if (Refuse(outcome, request, pool, reason) is { } refused)
            throw refused;
        if (outcome == ExtensionOutcome.Recorded)
            LogExtended(request.Pool, request.Maximum, Caller.Of(context) ?? Caller.Anonymous);
        else
            context.Response.Headers["Idempotency-Replayed"] = "true";
        if (pool!.Definition.Range.Maximum < request.Maximum && pool.Pending is not null)
        {
            await seeded.WaitAsync(PoolEndpoints.Patience, time, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pool = await store.GetAsync(request.Pool, context.RequestAborted);
        }

        var isReady = pool.Definition.Range.Maximum >= request.Maximum;
        if (!isReady && pool.State == PoolState.Closed)
            throw new RefusedException(Problem.PoolClosed(request.Pool));
        await context.SendAsync(
            PoolStatus.Of(pool, activity.PaceOf(request.Pool), time.GetUtcNow()),
            ApiJson.Default.PoolStatus,
            isReady ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private static async ValueTask<ExtensionRequest> ReadAsync(HttpContext context)
    {
        var (name, key) = (context.Pool(), context.Key());
        var fields = await JsonFields.ReadAsync(context.Request, "maximum", "order");
        var maximum = fields.Integer("maximum", long.MinValue, long.MaxValue);
        var order = DefinitionFields.ReadOrder(fields);
        return new ExtensionRequest(name, maximum, order, key, Caller.Of(context));
    }

    private static RefusedException? Refuse(ExtensionOutcome outcome, ExtensionRequest request, Pool? pool, string? reason) =>
        outcome switch
        {
            ExtensionOutcome.Recorded or ExtensionOutcome.Replayed => null,
            ExtensionOutcome.NotFound => new RefusedException(Problem.PoolNotFound(request.Pool)),
            ExtensionOutcome.Closed => new RefusedException(Problem.PoolClosed(request.Pool)),
            ExtensionOutcome.Seeding => new RefusedException(Problem.PoolSeeding(request.Pool)),
            ExtensionOutcome.Pending => new RefusedException(
                Problem.PoolExtending(request.Pool, pool!.Segments[^1].Range.Maximum)),
            ExtensionOutcome.Invalid => new RefusedException(Problem.Invalid("maximum", reason!)),
            ExtensionOutcome.KeyConflict => new RefusedException(Problem.ExtensionKeyConflict()),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "The outcome has no answer."),
        };

    [LoggerMessage(Level = LogLevel.Information, Message = "Pool {Pool} was extended up to {Maximum} by {Caller}")]
    private partial void LogExtended(string pool, long maximum, string caller);
}
