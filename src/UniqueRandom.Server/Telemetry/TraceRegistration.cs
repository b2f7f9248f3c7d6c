using Npgsql;
using OpenTelemetry.Trace;
using UniqueRandom.Server.Problems;
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
                .AddAspNetCoreInstrumentation(requests => requests.EnrichWithHttpResponse =
                    static (span, response) => span.SetTag("url.path", response.HttpContext.Request.LoggedPath()))
                .AddSource(DrawTracing.SourceName)
                .AddNpgsql()
                .AddOtlpExporter(otlp));
        }

        return services;
    }
}
