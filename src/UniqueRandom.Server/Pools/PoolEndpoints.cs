using System.Net.Mime;
using UniqueRandom.Metrics;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>The routes that create, show and close pools.</summary>
internal sealed partial class PoolEndpoints(
    IPoolStore store, Seeding seeding, DrawActivity activity, TimeProvider time, ILogger<PoolEndpoints> logger)
{
    private const int MaximumPageSize = 1000;

    /// <summary>
    /// How long a creation waits for its seeding, so that a small pool is open when the creation is answered. The same for an
    /// extension.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(750);

    private readonly PoolImports imports = new(store);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pools", ListAsync).RequiresKey();
        routes.MapGet("/pools/{pool}", ShowAsync).RequiresKey();
        routes.MapPut("/pools/{pool}", CreateAsync).RequiresAdmin();
        routes.MapPost("/pools/{pool}/close", CloseAsync).RequiresAdmin();
    }

    private async Task ListAsync(HttpContext context)
    {
        var (after, limit) = (context.PoolAfter(), context.Limit(MaximumPageSize));
        // One more than the limit, to find out whether there is a next page.
        var pools = await store.ListAsync(after, limit + 1, context.RequestAborted);
        var page = pools.Take(limit).Select(pool => StatusOf(context, pool)).ToArray();
        var next = pools.Count > limit ? page[^1].Pool : null;
        await context.SendAsync(new PoolList(page, next), ApiJson.Default.PoolList);
    }

    private async Task ShowAsync(HttpContext context) =>
        await SendAsync(context, await store.GetAsync(context.Pool(), context.RequestAborted));

    private async Task CreateAsync(HttpContext context)
    {
        var name = context.Pool();
        if (JsonFields.IsOfType(context.Request, PoolImports.MediaType))
        {
            var import = await imports.RunAsync(context, name);
            await SendCreatedAsync(context, import.Creation, import.Definition, import.List);
            return;
        }

        if (!JsonFields.IsOfType(context.Request, MediaTypeNames.Application.Json))
            throw new RefusedException(Problem.UnsupportedMediaType($", or {PoolImports.MediaType} to import numbers"));
        var definition = DefinitionFields.Read(name, await JsonFields.ReadAsync(context.Request, DefinitionFields.Members));
        // Not canceled with the request: a recorded pool is seeded even if the client has disconnected.
        var creation = await store.CreateAsync(definition, Seed.Generate(), CancellationToken.None);
        await SendCreatedAsync(context, creation, definition, imported: null);
    }

    private async Task SendCreatedAsync(
        HttpContext context, PoolCreation creation, PoolDefinition definition, ImportedList? imported)
    {
        var (pool, isNew) = creation;
        if (pool.Created != definition || pool.Imported != imported)
            throw new RefusedException(Problem.PoolExists(pool));
        if (isNew)
            LogCreated(definition.Name, definition.Range, Caller.Of(context) ?? Caller.Anonymous);
        if (isNew && imported is not null)
            LogImported(definition.Name, imported.Count, imported.Sha256);
        // Also an extension, whose node may have died.
        var seeded = pool.Unfinished is null ? Task.CompletedTask : seeding.SeedInBackgroundAsync(definition.Name);
        if (pool.State == PoolState.Seeding)
        {
            await seeded.WaitAsync(Patience, time, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pool = await store.GetAsync(definition.Name, context.RequestAborted);
        }

        if (isNew)
            context.Response.Headers.Location = $"/pools/{definition.Name}";
        await SendAsync(context, pool, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task CloseAsync(HttpContext context)
    {
        var name = context.Pool();
        var before = await store.GetAsync(name, context.RequestAborted);
        if (before.State == PoolState.Seeding)
            throw new RefusedException(Problem.PoolSeeding(name));

        var pool = await store.CloseAsync(name, context.RequestAborted) ?? before;
        // Removes a segment that is not ready.
        if (pool.Unfinished is not null)
            _ = seeding.SeedInBackgroundAsync(name);
        if (before.State != PoolState.Closed)
            LogClosed(name, pool.Cursor, pool.Remaining, Caller.Of(context) ?? Caller.Anonymous);
        await SendAsync(context, pool);
    }

    private Task SendAsync(HttpContext context, Pool pool, int status = StatusCodes.Status200OK) =>
        context.SendAsync(StatusOf(context, pool), ApiJson.Default.PoolStatus, status);

    private PoolStatus StatusOf(HttpContext context, Pool pool) =>
        PoolStatus.Of(pool.VisibleTo(context), activity.PaceOf(pool.Definition.Name), time.GetUtcNow());

    [LoggerMessage(Level = LogLevel.Information, Message = "Pool {Pool} ({Range}) was created by {Caller}")]
    private partial void LogCreated(string pool, PoolRange range, string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pool {Pool} has {Count} imported numbers, SHA-256 {Sha256}")]
    private partial void LogImported(string pool, long count, string sha256);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Pool {Pool} was closed by {Caller}: {Drawn} drawn, {Remaining} discarded")]
    private partial void LogClosed(string pool, long drawn, long remaining, string caller);
}

internal static class PoolRoutes
{
    public static void MapPools(this WebApplication app)
    {
        ActivatorUtilities.CreateInstance<PoolEndpoints>(app.Services).Map(app);
        ActivatorUtilities.CreateInstance<ExtensionEndpoints>(app.Services).Map(app);
    }
}
