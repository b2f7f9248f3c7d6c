using System.Text;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>Metrics and traces that are sent by OTLP, as the standard variables of OpenTelemetry configure it.</summary>
public sealed class OtlpTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Metrics_are_sent_to_the_configured_endpoint()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await StartAsync(
            collector, new() { ["OTEL_SERVICE_NAME"] = "raffle-of-may", ["OTEL_TRACES_EXPORTER"] = "none" });

        (await server.Client.FetchAsync("/random")).Success(200);
        Assert.Equal(0, await server.StopAsync());

        var metrics = string.Concat(collector.Metrics);
        Assert.Contains("raffle-of-may", metrics, StringComparison.Ordinal);
        Assert.Contains("uniquerandom.draws", metrics, StringComparison.Ordinal);
        Assert.Contains("uniquerandom.pool.remaining", metrics, StringComparison.Ordinal);
        Assert.Empty(collector.Traces);
    }

    [Fact]
    public async Task Traces_lead_from_the_request_to_the_commands_of_PostgreSQL()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await StartAsync(
            collector,
            new() { ["OTEL_METRICS_EXPORTER"] = "none", ["OTEL_TRACES_SAMPLER"] = "parentbased_always_off" },
            database.Switches);
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/pools/default/random");
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");

        (await server.Client.FetchAsync("/random")).Success(200);
        (await server.Client.SendRequestAsync(request)).Success(200);
        Assert.Equal(0, await server.StopAsync());

        var traces = string.Concat(collector.Traces);
        string[] expected =
        [
            Encoding.Latin1.GetString(Convert.FromHexString(trace)),
            "GET /pools/{pool}/random",
            "http.response.status_code",
            "uniquerandom.outcome",
            "uniquerandom.batch.size",
            "db.query.text",
        ];
        Assert.All(expected, text => Assert.Contains(text, traces, StringComparison.Ordinal));
        Assert.Equal(2, traces.Split("uniquerandom.outcome").Length);
        Assert.Empty(collector.Metrics);
    }

    [Fact]
    public async Task A_signal_can_have_an_endpoint_of_its_own()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var variables = collector.Variables;
        variables.Remove("OTEL_EXPORTER_OTLP_ENDPOINT", out var endpoint);
        variables["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{endpoint}/v1/metrics";
        await using var server = await ServerProcess.StartAsync(directory, variables, "--maximum", "10");

        (await server.Client.FetchAsync("/random")).Success(200);
        Assert.Equal(0, await server.StopAsync());

        Assert.NotEmpty(collector.Metrics);
        Assert.Empty(collector.Traces);
    }

    [Theory]
    [InlineData("ENDPOINT", "collector:4317")]
    [InlineData("TRACES_ENDPOINT", "/v1/traces")]
    [InlineData("METRICS_PROTOCOL", "json")]
    [InlineData("METRICS_TIMEOUT", "10s")]
    public Task A_variable_that_is_not_valid_is_refused(string name, string value)
    {
        var variables = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4317" };
        variables[$"OTEL_EXPORTER_OTLP_{name}"] = value;
        return BadStart.RefusedAsync(directory, $"OTEL_EXPORTER_OTLP_{name} must be ", variables);
    }

    private Task<ServerProcess> StartAsync(
        OtlpCollector collector, Dictionary<string, string> variables, params IEnumerable<string> switches) =>
        ServerProcess.StartAsync(
            directory, collector.Variables.Concat(variables).ToDictionary(), [.. switches, "--maximum", "10"]);
}
