using UniqueRandom.Server.Access;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Telemetry;

/// <summary>The route that Prometheus scrapes.</summary>
internal static class MetricsEndpoints
{
    public const string Path = "/metrics";

    public static void MapMetrics(this WebApplication app)
    {
        // Its instruments exist from then on.
        _ = app.Services.GetRequiredService<PoolGauges>();
        // The exporter would answer every method.
        app.MapPrometheusScrapingEndpoint(Path).WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).RequiresKey();
    }

    /// <summary>
    /// Serves metrics on their own ports only, and nothing else there. By the port of the connection: clients choose the header
    /// Host.
    /// </summary>
    public static void UseMetricsPorts(this WebApplication app)
    {
        var ports = app.Services.GetRequiredService<ServerOptions>().MetricsUrls.Select(MetricsAddresses.PortOf).ToHashSet();
        if (ports.Count == 0)
            return;
        app.Use(next => context => ports.Contains(context.Connection.LocalPort) == (context.Request.Path == Path)
            ? next(context)
            : Problem.FromStatus(StatusCodes.Status404NotFound).SendAsync(context));
    }
}
