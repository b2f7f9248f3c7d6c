using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Client.Tests.Crash;

/// <summary>Kills the server while draws are made through a proxy that loses one response in five.</summary>
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
        // The last kill leaves at least two shares of the draws, so that some are in progress.
        const int Share = Draws / (Kills + 2);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(directory, switches);
            await load.ReachedAsync(kill * Share + Random.Shared.Next(Share / 3, Share));
            Assert.False(load.Finished.IsCompleted, "The draws finished before the last kill.");
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(directory, switches);
        await load.Finished.WaitAsync(TestContext.Current.CancellationToken);
        using var direct = new RegisteredClient(last.Address);
        output.WriteLine($"{Kills} kills, {lost} of {answers} answers lost: {await load.VerifyAsync(direct.Client)}");
    }

    /// <summary>Loses all of a response, or the rest of it after a random byte.</summary>
    private int LoseOneInFive(int count)
    {
        if (Interlocked.Increment(ref answers) % 5 != 0)
            return count;
        Interlocked.Increment(ref lost);
        return Random.Shared.Next(2) == 0 ? 0 : Random.Shared.Next(count);
    }
}
