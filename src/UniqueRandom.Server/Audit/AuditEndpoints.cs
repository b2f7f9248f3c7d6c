using UniqueRandom.Audit;
using UniqueRandom.Metrics;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Audit;

/// <summary>The routes that read the draw log.</summary>
internal sealed class AuditEndpoints(IPoolStore store, DrawActivity activity)
{
    /// <summary>How many bytes are written before they are sent and the export may pause.</summary>
    private const int FlushSize = 64 * 1024;

    /// <summary>How many points are read before the sample may pause, each from 32 KB of the store.</summary>
    private const int PointsAtOnce = 64;

    private const int UsualPoints = 2000;
    private const int MaximumPoints = 10_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pools/{pool}/numbers/{number}", LookUpAsync).RequiresAdmin();
        routes.MapGet("/pools/{pool}/draws", ExportAsync).RequiresAdmin();
        routes.MapGet("/pools/{pool}/sample", SampleAsync).RequiresAdmin();
    }

    private async Task LookUpAsync(HttpContext context)
    {
        var (pool, number) = (await store.GetAsync(context.Pool(), context.RequestAborted), context.Number());
        if (!pool.Definition.Range.Contains(number))
            throw new RefusedException(Problem.NumberNotFound(pool.Definition, number));

        var name = pool.Definition.Name;
        if (await store.FindPositionAsync(name, number, context.RequestAborted) is not { } position)
        {
            pool.RequireFindable();
            await context.SendAsync(new NumberNotDrawn(name, number), ApiJson.Default.NumberNotDrawn);
            return;
        }

        var row = await DrawLog.ReadRowAsync(store, name, position, context.RequestAborted);
        await context.SendAsync(NumberDrawn.Of(name, number, pool.Definition.Code, position, row), ApiJson.Default.NumberDrawn);
    }

    private async Task SampleAsync(HttpContext context)
    {
        var points = context.Points(UsualPoints, MaximumPoints);
        // Its cursor is read first: what is drawn meanwhile does not change the positions.
        var pool = await store.GetAsync(context.Pool(), context.RequestAborted);
        var positions = new long[Math.Min(points, pool.Cursor)];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = (long)((Int128)i * pool.Cursor / positions.Length);
        var numbers = new long[positions.Length];
        var name = pool.Definition.Name;
        try
        {
            var pacing = new ReadPacing(activity);
            for (var start = 0; start < positions.Length; start += PointsAtOnce)
            {
                var some = new Range(start, Math.Min(start + PointsAtOnce, positions.Length));
                await store.SampleAsync(name, positions.AsMemory(some), numbers.AsMemory(some), context.RequestAborted);
                await pacing.PauseAsync(context.RequestAborted);
            }
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new StoreException(
                StoreFault.Unavailable,
                $"A failover has lost draws of the pool '{name}' since the sample began. Try again.",
                error);
        }

        await context.SendAsync(new NumberSample(name, pool.Cursor, positions, numbers), ApiJson.Default.NumberSample);
    }

    private async Task ExportAsync(HttpContext context)
    {
        var (pool, position) = (await store.GetAsync(context.Pool(), context.RequestAborted), context.FirstPosition());
        using var format = LogFormat.For(context.Request, pool.Definition.Code);
        context.Response.ContentType = format.MediaType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";

        var pacing = new ReadPacing(activity);
        var writer = context.Response.BodyWriter;
        format.Begin(writer);
        await foreach (var draw in DrawLog.ReadAsync(store, pool, position, context.RequestAborted))
        {
            // For each draw, because the writer of an aborted connection accepts everything and never has unflushed bytes.
            context.RequestAborted.ThrowIfCancellationRequested();
            format.Write(writer, draw);
            if (writer.UnflushedBytes < FlushSize)
                continue;
            await writer.FlushAsync(context.RequestAborted);
            await pacing.PauseAsync(context.RequestAborted);
        }
    }
}

internal static class AuditRoutes
{
    public static void MapAudit(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<AuditEndpoints>(app.Services).Map(app);
}
