using System.Text.Json;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Crash;

/// <summary>Kills the server while clients retry with keys: each key keeps its numbers, and no number is burned.</summary>
public sealed class KeyedKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Keys = 2000;
    private const int Kills = 10;

    private readonly TemporaryDirectory directory = new();
    private readonly Random random = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_key_is_one_draw_across_retries_and_kills()
    {
        var address = $"http://127.0.0.1:{LoopbackPort.Take()}";
        using var load = new KeyedLoad(new Uri(address), Keys);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(directory, "--urls", address);
            load.OnServerStarted();
            await load.AnsweredAsync(more: random.Next(300, 900));
            Assert.False(load.Finished.IsCompleted, "The load finished before the last kill.");
            load.OnServerStopping();
            await server.KillAsync();
        }

        await using (var last = await ServerProcess.StartAsync(directory, "--urls", address))
        {
            load.OnServerStarted();
            await load.Finished.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, await last.StopAsync());
        }

        Verify(load);
    }

    private void Verify(KeyedLoad load)
    {
        var runs = load.Answers.GroupBy(answer => answer.Key).ToList();
        Assert.Equal(Keys, runs.Count);
        Assert.All(runs, run => Assert.Equal(5, run.Count()));
        Assert.All(runs, run => Assert.Single(run.Select(answer => (answer.First, answer.Numbers)).Distinct()));
        Assert.All(runs, run => Assert.InRange(run.Count(answer => !answer.IsReplayed), 0, 1));

        var stored = StoredDraws.Read(directory.Database);
        var received = new List<long>();
        foreach (var run in runs)
        {
            var numbers = JsonSerializer.Deserialize<long[]>(run.First().Numbers)!;
            Assert.Equal(KeyedLoad.CountOf(run.Key), numbers.Length);
            Assert.Equal(Enumerable.Range(run.First().First, numbers.Length), numbers.Select(stored.PositionOf));
            received.AddRange(numbers);
        }

        // A draw whose answer was lost burns no number, because the next retry returns its numbers.
        Assert.Equal(0, stored.VerifyReceived(received));
        Assert.Equal(Enumerable.Range(0, Keys).Sum(KeyedLoad.CountOf), stored.Cursor);
        Assert.Equal(Keys, StoredDraws.Integer(directory.Database, "SELECT COUNT(DISTINCT key) FROM draw"));
        Assert.Equal(Keys, StoredDraws.Integer(directory.Database, "SELECT COUNT(*) FROM draw"));

        var lost = runs.Count(run => run.All(answer => answer.IsReplayed));
        output.WriteLine(
            $"{Kills} kills: {load.Failures} requests without an answer; {Keys} keys have {received.Count} numbers, "
            + $"{lost} of the keys only by a retry; none burned");
    }
}
