using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>The alerts and the board, with a real Prometheus that scrapes real servers.</summary>
public sealed class MonitoringTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_cases_of_the_alerts_hold()
    {
        var test = await Promtool.RunAsync(["test", "rules", MonitoringFiles.PathOf("alerts-tests.yaml")]);

        Assert.True(test.ExitCode == 0, $"{test.StandardOutput}{test.StandardError}");
    }

    [Fact]
    public async Task Every_expression_of_the_board_returns_data()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000000");
        await using var prometheus = await PrometheusProcess.StartAsync(directory, null, server);
        var load = await DrawLoad.StartAsync(server.Address, clients: 2, mark: 100);
        var expressions = MonitoringFiles.ReadExpressions();
        Assert.InRange(expressions.Length, 12, 100);

        foreach (var expression in expressions)
        {
            await Eventually.TrueAsync(
                async () => (await prometheus.QueryAsync(expression)).Length > 0, $"{expression} returns a value");
        }

        Assert.Equal(0, await server.StopAsync());
        await load.FinishAsync();
    }

    [Fact]
    public async Task Alerts_of_pools_fire_as_they_fill()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000000");
        (await server.Client.CreatePoolAsync("raffle", 1, 100)).Success(201);
        await using var prometheus = await PrometheusProcess.StartAsync(directory, MonitoringFiles.ReadAlerts(), server);

        (await server.Client.DrawAsync("raffle", 96)).Success(201);
        var nearly = await prometheus.FiresAsync("UniqueRandomPoolNearlyExhausted");
        Assert.Equal("raffle", nearly.GetProperty("pool").GetString());
        (await server.Client.DrawAsync("raffle", 4)).Success(201);
        Assert.Equal("raffle", (await prometheus.FiresAsync("UniqueRandomPoolExhausted")).GetProperty("pool").GetString());

        var load = await DrawLoad.StartAsync(server.Address, clients: 2, mark: 100);
        var ends = await prometheus.FiresAsync("UniqueRandomPoolExhaustedWithinADay");
        Assert.Equal("default", ends.GetProperty("pool").GetString());

        Assert.Equal(0, await server.StopAsync());
        await load.FinishAsync();
        await prometheus.FiresAsync("UniqueRandomNotReady");
    }

    [Fact]
    public async Task Alerts_of_the_disk_fire_as_it_slows_down_and_hangs()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000000");
        await using var prometheus = await PrometheusProcess.StartAsync(directory, MonitoringFiles.ReadAlerts(), server);

        await using (await Strace.AttachAsync(server.Id, "fsync,fdatasync", "delay_enter=150ms"))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
            var drawing = DrawAsync(stop.Token);
            await prometheus.FiresAsync("UniqueRandomCommitsSlow");
            await stop.CancelAsync();
            await drawing;
        }

        await using (await Strace.AttachAsync(server.Id, "fsync,fdatasync", "delay_enter=60s"))
            await prometheus.FiresAsync("UniqueRandomNotReady");

        async Task DrawAsync(CancellationToken stopping)
        {
            while (!stopping.IsCancellationRequested)
                (await server.Client.FetchAsync("/random")).Success(200);
        }
    }

    [Fact]
    public async Task The_alert_of_draws_in_doubt_fires()
    {
        await using var instance = await PostgresInstance.CreateAsync();
        await using var server = await ServerProcess.StartAsync(directory, [.. instance.Switches, "--maximum", "1000"]);
        (await server.Client.FetchAsync("/random")).Success(200);
        await using var prometheus = await PrometheusProcess.StartAsync(directory, MonitoringFiles.ReadAlerts(), server);
        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("uniquerandom_draws_total")).Length > 0, "Prometheus has scraped");
        // No standby has the name, so a commit waits for it until its connection is ended.
        await instance.SetAsync("synchronous_standby_names", "missing");
        var draw = server.Client.FetchAsync("/random");
        await Eventually.TrueAsync(
            async () => await instance.ScalarAsync<long>(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0,
            "the commit waits");

        (await draw).Problem(503, "draw-in-doubt");

        await prometheus.FiresAsync("UniqueRandomDrawsInDoubt");
    }
}
