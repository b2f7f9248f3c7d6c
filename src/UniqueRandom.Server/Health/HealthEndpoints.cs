using UniqueRandom.Server.Hosting;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Health;

/// <summary>The body of GET /health and GET /health/ready.</summary>
/// <param name="Status"><c>ok</c>: the process is alive and answers. <c>ready</c>: it could draw now.</param>
internal sealed record Health(string Status);

internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app) =>
        app.MapGet("/health", context => context.SendAsync(new Health("ok"), ApiJson.Default.Health));

    public static void MapReadiness(this WebApplication app)
    {
        var (gate, store) = (app.Services.GetRequiredService<StartGate>(), app.Services.GetRequiredService<StoreHealth>());
        app.MapGet("/health/ready", async context =>
        {
            if (!gate.IsOpen)
                await Problem.Starting().SendAsync(context);
            else if (!await store.IsReadyAsync())
                await Problem.StoreUnavailable().SendAsync(context);
            else
                await context.SendAsync(new Health("ready"), ApiJson.Default.Health);
        });
    }
}
