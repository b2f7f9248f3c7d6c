using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>A real Prometheus, which scrapes servers five times a second.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private const string Program = "/usr/bin/prometheus";

    private readonly ChildProcess process;
    private readonly HttpClient client;

    private PrometheusProcess(ChildProcess process, string address)
    {
        this.process = process;
        client = new HttpClient { BaseAddress = new Uri($"http://{address}/api/v1/") };
    }

    /// <summary>Starts it, and waits until it answers. Skips the test where it is not installed.</summary>
    /// <param name="directory">Where it stores its data.</param>
    /// <param name="rules">Its alerts; null for none.</param>
    /// <param name="servers">The servers.</param>
    public static async Task<PrometheusProcess> StartAsync(
        TemporaryDirectory directory, string? rules, params IEnumerable<ServerProcess> servers)
    {
        Assert.SkipUnless(File.Exists(Program), "Prometheus is not installed (apt-get install prometheus).");
        await File.WriteAllTextAsync(directory.File("rules.yaml"), rules ?? "groups: []\n");
        await File.WriteAllTextAsync(directory.File("prometheus.yaml"), $"""
            global: {"{"} scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms {"}"}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: uniquerandom
                static_configs:
                  - targets: [{string.Join(", ", servers.Select(server => $"'{server.Address.Authority}'"))}]
            """);
        var address = $"127.0.0.1:{LoopbackPort.Take()}";
        var prometheus = new PrometheusProcess(
            new ChildProcess(new ProcessStartInfo(
                Program,
                [
                    "--config.file", directory.File("prometheus.yaml"), "--storage.tsdb.path", directory.File("data"),
                    "--web.listen-address", address,
                ])),
            address);
        try
        {
            await prometheus.process.LineAsync(prometheus.process.Errors, "Server is ready to receive web requests");
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>Evaluates an expression, and returns the values that are numbers.</summary>
    public async Task<double[]> QueryAsync(string expression)
    {
        var answer = (await client.FetchAsync($"query?query={Uri.EscapeDataString(expression)}")).Expect(200).Json;
        return
        [
            .. answer.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(series => series.GetProperty("value")[1].GetString()!)
                // Prometheus writes infinity in a form that .NET does not parse.
                .Where(value => !value.EndsWith("Inf", StringComparison.Ordinal))
                .Select(value => double.Parse(value, CultureInfo.InvariantCulture))
                .Where(double.IsFinite),
        ];
    }

    /// <summary>Waits until an alert fires, and returns its labels.</summary>
    public async Task<JsonElement> FiresAsync(string alert)
    {
        JsonElement labels = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var alerts = (await client.FetchAsync("alerts")).Expect(200).Json.GetProperty("data").GetProperty("alerts");
                var firing = alerts.EnumerateArray().FirstOrDefault(active =>
                    active.GetProperty("labels").GetProperty("alertname").GetString() == alert
                    && active.GetProperty("state").GetString() == "firing");
                if (firing.ValueKind == JsonValueKind.Undefined)
                    return false;
                labels = firing.GetProperty("labels").Clone();
                return true;
            },
            $"{alert} fires");
        return labels;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
    }
}
