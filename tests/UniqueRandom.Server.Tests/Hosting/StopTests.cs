using System.Diagnostics;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Hosting;

/// <summary>SIGTERM loses no answered draw and leaves no extra files.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task SIGTERM_under_load_answers_all_draws_and_closes_the_database()
    {
        var received = new List<long>();
        for (var start = 0; start < 2; start++)
        {
            await using var server = await ServerProcess.StartAsync(directory);
            var load = await DrawLoad.StartAsync(server.Address, clients: 32, mark: 3000);
            await load.ReachedAsync();

            var stopping = Stopwatch.GetTimestamp();
            Assert.Equal(0, await server.StopAsync());
            Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(5));

            var results = await load.FinishAsync();
            Assert.Empty(results.Refusals);
            Assert.Empty(server.Errors);
            received.AddRange(results.Numbers);
            Assert.Equal([directory.Database, directory.Mark], directory.Contents().Keys);
            Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyReceived(received));
        }
    }

    [Fact]
    public async Task SIGTERM_during_the_first_seeding_leaves_an_unfinished_pool_that_another_range_replaces()
    {
        await using (var server = ServerProcess.Launch(directory, "--maximum", "50000000"))
        {
            await server.LineAsync("25 %");
            Assert.Equal(0, await server.StopAsync());
            Assert.DoesNotContain(server.Output, line => line.Contains("Serving", StringComparison.Ordinal));
        }

        Assert.Equal(
            1, StoredDraws.Integer(directory.Database, "SELECT COUNT(*) FROM pool WHERE state = 0 AND maximum = 50000000"));
        await using var next = await ServerProcess.StartAsync(directory, "--maximum", "3");
        Assert.Contains(next.Output, line => line.Contains("Seeded pool default: 3 numbers", StringComparison.Ordinal));
    }
}
