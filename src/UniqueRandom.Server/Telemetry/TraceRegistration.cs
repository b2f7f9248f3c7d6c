using Npgsql;
using OpenTelemetry.Trace;
using UniqueRandom.Tracing;

namespace UniqueRandom.Server.Telemetry;

/// <summary>Sends the traces of requests, draws, batches and commands of PostgreSQL by OTLP, if it has an endpoint.</summary>
internal static class TraceRegistration
{
    public static IServiceCollection AddServerTraces(this IServiceCollection services, IConfiguration configuration)
    {
        if (Otlp.Find(configuration, "TRACES") is { } otlp)
        {
            services.AddOpenTelemetry().WithTracing(traces => traces
                .ConfigureResource(Otlp.DescribeServer)
                .AddAspNetCoreInstrumentation()
                .AddSource(DrawTracing.SourceName)
                .AddNpgsql()
                .AddOtlpExporter(otlp));
        }

        return services;
    }
}
