using UniqueRandom.Server.Access;
using UniqueRandom.Server.Audit;
using UniqueRandom.Server.Backups;
using UniqueRandom.Server.Codes;
using UniqueRandom.Server.Dashboard;
using UniqueRandom.Server.Docs;
using UniqueRandom.Server.Draws;
using UniqueRandom.Server.Events;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Pools;
using UniqueRandom.Server.Telemetry;
using UniqueRandom.Server.Verification;

namespace UniqueRandom.Server.Hosting;

internal static class Routes
{
    /// <summary>Maps all routes. Separate from the pipeline, so that tests can compare them with openapi.json.</summary>
    public static void MapRoutes(this WebApplication app)
    {
        app.MapDraws();
        app.MapPools();
        app.MapAudit();
        app.MapCodes();
        app.MapBackups();
        app.MapEvents();
        app.MapCaller();
        app.MapHealth();
        app.MapReadiness();
        app.MapMetrics();
        app.MapHome();
        app.MapVerification();
        app.MapDocs();
    }
}
