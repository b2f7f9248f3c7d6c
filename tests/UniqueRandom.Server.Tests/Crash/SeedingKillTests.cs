using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Crash;

/// <summary>kill -9 in the middle of the first seeding.</summary>
public sealed class SeedingKillTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_seeding_that_was_killed_leaves_no_pool_and_the_next_start_seeds_anew()
    {
        await using (var server = ServerProcess.Launch(directory, "--maximum", "50000000"))
        {
            await server.LineAsync("25 %");
            await server.KillAsync();
            Assert.DoesNotContain(server.Output, line => line.Contains("Seeded", StringComparison.Ordinal));
        }

        // Another range, because nothing is stored that it could disagree with.
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
