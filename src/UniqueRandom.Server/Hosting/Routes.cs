using UniqueRandom.Server.Audit;
using UniqueRandom.Server.Docs;
using UniqueRandom.Server.Draws;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Hosting;

internal static class Routes
{
    /// <summary>Maps all routes. Separate from the pipeline, so that tests can compare them with openapi.json.</summary>
    public static void MapRoutes(this WebApplication app)
    {
        app.MapDraws();
        app.MapPools();
        app.MapAudit();
        app.MapHealth();
        app.MapReadiness();
        app.MapDocs();
    }
}
