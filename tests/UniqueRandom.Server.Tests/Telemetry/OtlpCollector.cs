using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using UniqueRandom.Testing.Network;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>Receives metrics and traces by OTLP.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication server;

    private OtlpCollector(WebApplication server)
    {
        this.server = server;
        server.MapPost("/v1/metrics", request => ReceiveAsync(request.Request.Body, Metrics));
        server.MapPost("/v1/traces", request => ReceiveAsync(request.Request.Body, Traces));
    }

    /// <summary>The messages as Latin-1: the strings of a message are in it as they are.</summary>
    public ConcurrentQueue<string> Metrics { get; } = [];

    /// <inheritdoc cref="Metrics"/>
    public ConcurrentQueue<string> Traces { get; } = [];

    /// <summary>The variables that make a server send to this collector.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = server.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{LoopbackPort.Take()}");
        var collector = new OtlpCollector(builder.Build());
        await collector.server.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task ReceiveAsync(Stream body, ConcurrentQueue<string> messages)
    {
        using var reader = new StreamReader(body, Encoding.Latin1);
        messages.Enqueue(await reader.ReadToEndAsync());
    }
}
