using OpenTelemetry.Metrics;
using UniqueRandom.Metrics;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Telemetry;

/// <summary>Collects the metrics of the server, of Kestrel and of the runtime, by the SDK of OpenTelemetry.</summary>
internal static class MetricsRegistration
{
    private static readonly string[] Meters =
        [DrawActivity.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    public static IServiceCollection AddServerMetrics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<PoolReading>().AddSingleton<PoolGauges>();
        services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics
                .ConfigureResource(Otlp.DescribeServer)
                .AddMeter(Meters)
                .AddView(instrument => IsDropped(instrument.Name)
                    ? MetricStreamConfiguration.Drop
                    : new MetricStreamConfiguration { CardinalityLimit = PoolGauges.MaximumSeries })
                // A scrape is never that of another one.
                .AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);
            if (Otlp.Find(configuration, "METRICS") is { } otlp)
                metrics.AddOtlpExporter(otlp);
        });
        return services;
    }

    /// <summary>
    /// Prometheus reserves names that end with "count" for histograms, and three gauges of the runtime have such a name.
    /// </summary>
    private static bool IsDropped(string name) => name
        is "dotnet.assembly.count" or "dotnet.process.cpu.count" or "dotnet.timer.count";
}
