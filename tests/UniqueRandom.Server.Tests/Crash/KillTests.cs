using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Crash;

/// <summary>Kills the server under load repeatedly, on one database.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Cycles = 20;
    private const int Clients = 32;

    private readonly TemporaryDirectory directory = new();
    private readonly Random random = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Each_number_is_returned_once_and_recorded_across_kills()
    {
        var received = new List<long>();
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await using var server = await ServerProcess.StartAsync(directory);
            var load = await DrawLoad.StartAsync(server.Address, Clients, mark: random.Next(1, 3000));
            await load.ReachedAsync();
            await server.KillAsync();

            var results = await load.FinishAsync();
            Assert.Empty(results.Refusals);
            received.AddRange(results.Numbers);
        }

        await using (var last = await ServerProcess.StartAsync(directory))
            Assert.Equal(0, await last.StopAsync());

        var burned = StoredDraws.Read(directory.Database).VerifyReceived(received);
        output.WriteLine($"{Cycles} kills: {received.Count} numbers received, none twice, all in the log; {burned} burned");
        // A batch holds at most one draw of each client.
        Assert.InRange(burned, 0, Cycles * Clients);
    }
}
