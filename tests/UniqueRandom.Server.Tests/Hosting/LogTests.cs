using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Hosting;

/// <summary>The log has one line for each event, and none for a draw.</summary>
public sealed class LogTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Each_event_from_seeding_to_exhaustion_has_one_line()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "3");
        await DrawAllAsync(server);
        Assert.Equal(0, await server.StopAsync());

        Assert.Collection(
            server.Output,
            line => Assert.EndsWith("INF Seeding pool default with the numbers 1..3", line),
            line => Assert.EndsWith("INF Seeding pool default: 100 % stored", line),
            line => Assert.Contains("INF Seeded pool default: 3 numbers in ", line),
            line => Assert.EndsWith(
                "INF Serving pool default (1..3) from numbers.db: 0 drawn, 3 remaining, "
                + $"at {server.Address.GetLeftPart(UriPartial.Authority)}",
                line),
            line => Assert.EndsWith("WRN Pool default is exhausted: all of its 3 numbers are drawn", line),
            line => Assert.EndsWith("INF Stopped: pool default has 3 drawn, 0 remaining", line));
        Assert.Empty(server.Errors);
    }

    [Fact]
    public async Task A_draw_is_logged_at_the_level_Debug()
    {
        var environment = new Dictionary<string, string> { ["Serilog__MinimumLevel__Default"] = "Debug" };
        await using var server = await ServerProcess.StartAsync(directory, environment, "--maximum", "3");
        var numbers = await DrawAllAsync(server);
        Assert.Equal(0, await server.StopAsync());

        var draws = server.Output.Where(line => line.Contains("DBG Drew", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, draws.Length);
        for (var position = 0; position < draws.Length; position++)
            Assert.EndsWith(
                $"DBG Drew 1 at position {position} of pool default for anonymous, first number {numbers[position]}",
                draws[position]);
    }

    /// <summary>Draws until the pool is exhausted, and once more.</summary>
    private static async Task<List<long>> DrawAllAsync(ServerProcess server)
    {
        var results = await (await DrawLoad.StartAsync(server.Address, clients: 1)).FinishAsync();
        Assert.Equal(3, results.Numbers.Count);
        return results.Numbers;
    }
}
