using UniqueRandom.Server.Access;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Dashboard;
using UniqueRandom.Server.Docs;
using UniqueRandom.Server.Draws;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Server.Sockets;
using UniqueRandom.Server.Telemetry;

try
{
    if (CommandLine.Read(args) is not { } switches)
        return 0;

    await using var app = ServerApplication.CreateBuilder(switches).AddPools(useEventLoops: true).Build();
    app.UseHostFilter();
    app.UseMetricsPorts();
    app.Use(app.Services.GetRequiredService<StartGate>().Delay);
    app.UseRequestBoundary();
    app.UseDirectRandom();
    app.UseRouting();
    app.UseThreadPool();
    app.UseAccess();
    app.UseDashboard();
    app.UseDocs();
    app.MapRoutes();
    app.LogFillLevels();

    return await app.ServeAsync();
}
catch (StartException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
