using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Crash;

/// <summary>Kills the server during the first seeding.</summary>
public sealed class SeedingKillTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task After_a_kill_during_the_first_seeding_the_next_start_seeds_again()
    {
        await using (var server = ServerProcess.Launch(directory, "--maximum", "50000000"))
        {
            await server.LineAsync("25 %");
            await server.KillAsync();
            Assert.DoesNotContain(server.Output, line => line.Contains("Seeded", StringComparison.Ordinal));
        }

        // The range can differ, because no pool was completed.
        await using (var next = await ServerProcess.StartAsync(directory, "--maximum", "10000"))
        {
            var results = await (await DrawLoad.StartAsync(next.Address, clients: 4)).FinishAsync();
            Assert.Equal(Enumerable.Range(1, 10_000).Select(number => (long)number), results.Numbers.Order());
            Assert.Equal(0, await next.StopAsync());
        }

        Assert.Equal(1, StoredDraws.Integer(directory.Database, "SELECT COUNT(*) FROM pool"));
        Assert.Equal(2, StoredDraws.Integer(directory.Database, "SELECT COUNT(*) FROM chunk"));
    }
}
