using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Crash;

/// <summary>kill -9 under load, again and again, on one database.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Cycles = 20;
    private const int Clients = 32;

    private readonly TemporaryDirectory directory = new();
    private readonly Random random = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_number_is_given_once_and_recorded_however_often_the_server_is_killed()
    {
        var given = new List<long>();
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await using var server = await ServerProcess.StartAsync(directory);
            var load = await DrawLoad.StartAsync(server.Address, Clients, mark: random.Next(1, 3000));
            await load.ReachedAsync();
            await server.KillAsync();

            var results = await load.FinishAsync();
            Assert.Empty(results.Refusals);
            given.AddRange(results.Numbers);
        }

        await using (var last = await ServerProcess.StartAsync(directory))
            Assert.Equal(0, await last.StopAsync());

        var burned = StoredDraws.Read(directory.Database).VerifyGiven(given);
        output.WriteLine($"{Cycles} kills: {given.Count} numbers given, none twice, all of them in the log; {burned} burned");
        // A batch holds at most one draw of each client.
        Assert.InRange(burned, 0, Cycles * Clients);
    }
}
