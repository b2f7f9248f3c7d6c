using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>Metrics that are sent by OTLP, as the standard variables of OpenTelemetry configure it.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_are_sent_to_the_configured_endpoint()
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        var address = $"http://127.0.0.1:{LoopbackPort.Take()}";
        builder.WebHost.UseUrls(address);
        await using var collector = builder.Build();
        collector.MapPost("/v1/metrics", async request =>
        {
            using var body = new MemoryStream();
            await request.Request.Body.CopyToAsync(body);
            // The strings of a message are in it as they are.
            var text = Encoding.Latin1.GetString(body.ToArray());
            if (text.Contains("uniquerandom.draws", StringComparison.Ordinal))
                received.TrySetResult(text);
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(
            directory,
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                ["OTEL_SERVICE_NAME"] = "raffle-of-may",
            },
            "--maximum", "10");

        (await server.Client.FetchAsync("/random")).Success(200);

        var message = await received.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Contains("raffle-of-may", message, StringComparison.Ordinal);
        Assert.Contains("uniquerandom.pool.remaining", message, StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
    }
}
