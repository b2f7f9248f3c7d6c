using UniqueRandom.Server.Audit;
using UniqueRandom.Server.Docs;
using UniqueRandom.Server.Draws;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Hosting;

internal static class Routes
{
    /// <summary>All routes there are, in one place, so that the tests can hold them against the description.</summary>
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
