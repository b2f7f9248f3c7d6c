using System.Net;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Systemd;

/// <summary>What a server tells systemd, in place of which the test receives it.</summary>
public sealed class StateTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_server_is_ready_when_it_can_draw_and_says_that_it_stops()
    {
        using var systemd = new NotifySocket(directory);
        // The watchdog of another process, which the server has inherited.
        var environment = systemd.Environment(TimeSpan.FromMilliseconds(100));
        environment["WATCHDOG_PID"] = "1";
        await using var server = await ServerProcess.StartAsync(directory, environment);

        Assert.Equal("READY=1", await systemd.ReceiveAsync());
        Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/health/ready"));
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal("STOPPING=1", await systemd.ReceiveAsync());
        Assert.True(systemd.IsEmpty);
    }

    [Fact]
    public async Task A_server_that_seeds_is_not_ready_although_its_port_is_bound()
    {
        using var systemd = new NotifySocket(directory);
        await using var server = ServerProcess.Launch(directory, systemd.Environment(), "--maximum", "30000000");
        await server.LineAsync("25 %");

        Assert.True(systemd.IsEmpty);
        Assert.Equal(0, await server.StopAsync());
        Assert.Equal("STOPPING=1", await systemd.ReceiveAsync());
        Assert.True(systemd.IsEmpty);
    }

    [Fact]
    public async Task A_node_feeds_the_watchdog()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        using var systemd = new NotifySocket(directory);
        await using var node = await ServerProcess.StartAsync(
            directory, systemd.Environment(TimeSpan.FromMilliseconds(200)), database.Switches);

        await systemd.ReceiveAsync("READY=1");
        for (var i = 0; i < 3; i++)
            Assert.Equal("WATCHDOG=1", await systemd.ReceiveAsync());
    }

    [Fact]
    public async Task A_server_that_cannot_reach_systemd_serves()
    {
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = directory.File("missing") };
        await using var server = await ServerProcess.StartAsync(directory, environment);

        Assert.Contains("Can't notify systemd of READY=1", await server.LineAsync("WRN"));
        Assert.Equal(HttpStatusCode.OK, await server.Client.GetPromptlyAsync("/random"));
    }
}
