using Serilog.Events;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Commands;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Dashboard;
using UniqueRandom.Server.Docs;
using UniqueRandom.Server.Draws;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Server.Maintenance;
using UniqueRandom.Server.Sockets;
using UniqueRandom.Server.Systemd;
using UniqueRandom.Server.Telemetry;
using UniqueRandom.Server.Terminal;

try
{
    return await CommandLine.RunAsync(args, ServeAsync, [
        HealthCommand.Create(),
        .. TerminalVerbs.CreateAll(),
        CheckFileCommand.Create(),
        RestoreCommand.Create(),
        TransferCommand.Create(),
    ]);
}
catch (StartException error)
{
    await Console.Error.WriteLineAsync(JournalPriority.Of(LogEventLevel.Fatal) + error.Message);
    return 1;
}

static async Task<int> ServeAsync(IReadOnlyDictionary<string, string?> switches)
{
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
