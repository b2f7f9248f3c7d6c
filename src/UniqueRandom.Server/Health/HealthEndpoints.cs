using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Sockets;

namespace UniqueRandom.Server.Health;

internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app) =>
        app.MapGet("/health", context => context.SendAsync(new HealthStatus("ok"), ApiJson.Default.HealthStatus))
            .StaysOnEventLoop();

    public static void MapReadiness(this WebApplication app)
    {
        var (gate, store) = (app.Services.GetRequiredService<StartGate>(), app.Services.GetRequiredService<StoreHealth>());
        app.MapGet("/health/ready", async context =>
        {
            if (!gate.IsOpen)
                await Problem.Starting().SendAsync(context);
            else if (!await store.IsReadyAsync(context.RequestAborted))
                await Problem.StoreUnavailable().SendAsync(context);
            else
                await context.SendAsync(new HealthStatus("ready"), ApiJson.Default.HealthStatus);
        });
    }
}
