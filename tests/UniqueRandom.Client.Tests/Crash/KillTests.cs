using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Client.Tests.Crash;

/// <summary>Kills the server while draws are made through a proxy that loses one answer in five.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Draws = 2000;
    private const int Callers = 16;
    private const int Kills = 10;

    private readonly TemporaryDirectory directory = new();
    private int answers;
    private int lost;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_draw_returns_once_and_nothing_is_drawn_twice()
    {
        var port = LoopbackPort.Take();
        string[] switches = ["--urls", $"http://127.0.0.1:{port}"];
        using var proxy = new TcpProxy(port, forwarded: LoseOneInFive);
        using var registered = new RegisteredClient(new Uri($"http://127.0.0.1:{proxy.Port}"));
        var load = new DrawLoad(registered.Client, Draws, Callers);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(directory, switches);
            // The last kill comes before the last draws.
            await load.ReachedAsync(Random.Shared.Next(50, Draws / Kills) + (kill - 1) * Draws / Kills);
            Assert.False(load.Finished.IsCompleted, "The draws finished before the last kill.");
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(directory, switches);
        await load.Finished.WaitAsync(TestContext.Current.CancellationToken);
        using var direct = new RegisteredClient(last.Address);
        output.WriteLine($"{Kills} kills, {lost} of {answers} answers lost: {await load.VerifyAsync(direct.Client)}");
    }

    /// <summary>Loses all of an answer, or the rest of it after a random byte.</summary>
    private int LoseOneInFive(int count)
    {
        if (Interlocked.Increment(ref answers) % 5 != 0)
            return count;
        Interlocked.Increment(ref lost);
        return Random.Shared.Next(2) == 0 ? 0 : Random.Shared.Next(count);
    }
}
