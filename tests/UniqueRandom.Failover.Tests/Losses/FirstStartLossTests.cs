using UniqueRandom.Failover.Tests.Rounds;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Failover.Tests.Losses;

/// <summary>The servers fail while a node starts for the first time.</summary>
[Collection(nameof(FailoverRounds))]
public sealed class FirstStartLossTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_first_seeding_continues_on_the_new_primary_after_a_failover()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = Launch(20_000_000, pair.Primary.Port, pair.Standby.Port);
        await node.LineAsync("25 %");
        await pair.FailOverAsync();
        await AssertServesAsync(node);
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task A_first_seeding_continues_when_its_lost_standby_is_back()
    {
        await using var pair = await PostgresPair.CreateAsync();
        await using var node = Launch(20_000_000, pair.Primary.Port, pair.Standby.Port);
        await node.LineAsync("25 %");
        await pair.Standby.KillAsync();
        await node.LineAsync("retrying every second");
        await pair.Standby.StartAsync();
        await AssertServesAsync(node);
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task A_node_that_starts_before_its_database_server_serves_when_the_server_is_up()
    {
        await using var server = await PostgresInstance.CreateAsync();
        await server.StopAsync();
        await using var node = Launch(1000, server.Port);
        await node.LineAsync("retrying every second");
        await server.StartAsync();
        await AssertServesAsync(node);
        Assert.Equal(0, await node.StopAsync());
    }

    [Theory]
    [InlineData("missing", "postgres", "SQLSTATE 3D000")]
    [InlineData("postgres", "nobody", "SQLSTATE 28000")]
    public async Task A_permanent_error_of_the_server_ends_the_start_at_once(string database, string user, string reason)
    {
        await using var server = await PostgresInstance.CreateAsync();
        await using var node = Launch($"Host=127.0.0.1:{server.Port};Username={user};Database={database}", 1000);
        Assert.Equal(1, await node.ExitAsync());
        Assert.Contains(reason, Assert.Single(node.Errors), StringComparison.Ordinal);
    }

    private static async Task AssertServesAsync(ServerProcess node)
    {
        var serving = await node.LineAsync("Serving pool");
        var address = new Uri(serving[serving.IndexOf("http://", StringComparison.Ordinal)..]);
        using var client = await DrawClient.ConnectAsync(address);
        Assert.InRange(await client.DrawNumberAsync(), 1, 20_000_000);
    }

    private ServerProcess Launch(int maximum, params IEnumerable<int> ports)
    {
        var hosts = string.Join(',', ports.Select(port => $"127.0.0.1:{port}"));
        return Launch($"Host={hosts};Username=postgres;Database=postgres", maximum);
    }

    private ServerProcess Launch(string connectionString, int maximum) => ServerProcess.Launch(
        directory, "--store", "postgres", "--connection-string", connectionString, "--maximum", $"{maximum}");
}
