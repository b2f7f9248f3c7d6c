using System.Diagnostics;
using System.Globalization;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>One database that goes through the rounds of a fault: real servers, load, and the check after each round.</summary>
/// <param name="fault">The name of the fault.</param>
/// <param name="table">Receives the result.</param>
/// <param name="output">Receives a line for each round.</param>
internal sealed class FaultRun(string fault, FaultTable table, ITestOutputHelper output) : IDisposable
{
    private readonly int redisPort = LoopbackPort.Take();
    private readonly string address = $"http://127.0.0.1:{LoopbackPort.Take()}";
    private readonly List<TimeSpan> recoveries = [];
    private int rounds;
    private (int Acknowledged, int Repeated, int Lost, int Burned) before;

    public TemporaryDirectory Directory { get; } = new();

    public FaultLedger Ledger { get; } = new();

    /// <summary>Gets or sets the path of the database. The default is in <see cref="Directory"/>.</summary>
    public string? Database { get; init; }

    /// <summary>Gets or sets further switches of every server.</summary>
    public string[] Switches { get; init; } = [];

    public void Dispose() => Directory.Dispose();

    /// <summary>Starts a process, and does not wait for it.</summary>
    /// <param name="starter">A program that the server replaces, with its arguments; or nothing.</param>
    /// <param name="environment">The environment variables; null for none.</param>
    /// <param name="switches">Switches of this server.</param>
    public ServerProcess Launch(
        string[]? starter = null, Dictionary<string, string>? environment = null, params string[] switches) =>
        ServerProcess.LaunchExactly(
            starter ?? [],
            Directory,
            environment ?? [],
            [
                "--maximum", "2000000", "--database", Database ?? Directory.Database, "--urls", address,
                "--redis-urls", RedisProcess.AddressOf(redisPort), .. Switches, .. switches,
            ]);

    public Task<MixedLoad> LoadAsync(LoadShape? shape = null) =>
        MixedLoad.StartAsync(new Uri(address), redisPort, Ledger, shape ?? LoadShape.Mixed);

    /// <summary>Repeats a fault under which nothing may be repeated or lost, and adds it to the table.</summary>
    /// <param name="count">How many rounds.</param>
    /// <param name="faultAsync">Draws from the server, and ends it. Receives the number of the round, starting at 0.</param>
    /// <param name="finishAsync">Called with the last server before it stops; null for nothing.</param>
    public async Task RepeatAsync(
        int count, Func<ServerProcess, int, Task> faultAsync, Func<ServerProcess, Task>? finishAsync = null)
    {
        var server = await StartAsync();
        try
        {
            for (var round = 0; round < count; round++)
            {
                await faultAsync(server, round);
                await server.DisposeAsync();
                server = await RecoverAsync();
            }

            if (finishAsync is not null)
                await finishAsync(server);
            await EndAsync(server);
        }
        finally
        {
            await server.DisposeAsync();
        }

        Assert.Equal((0, 0), (Ledger.Repeated, Ledger.Lost));
    }

    /// <summary>Ends a round: starts the server, draws, and compares all that was received with the log.</summary>
    public Task<ServerProcess> RecoverAsync(params string[] switches) => StartAsync(EndRound, switches);

    /// <summary>Does the same without a fault before.</summary>
    public Task<ServerProcess> StartAsync() => StartAsync(_ => { }, []);

    /// <summary>Verifies the whole log, stops the server, and adds the fault to the table.</summary>
    public async Task EndAsync(ServerProcess server)
    {
        await Ledger.VerifyLogAsync(server.Client);
        Assert.Equal(0, await server.StopAsync());
        var result = new FaultResult(
            fault, rounds, Ledger.Acknowledged, Ledger.Repeated, Ledger.Lost, Ledger.Burned, recoveries);
        table.Add(result);
        output.WriteLine(result.Row);
    }

    private async Task<ServerProcess> StartAsync(Action<TimeSpan> onRecovered, string[] switches)
    {
        var start = Stopwatch.GetTimestamp();
        var server = await ServerProcess.ServeAsync(Launch(null, null, switches));
        try
        {
            using (var client = await DrawClient.ConnectAsync(server.Address))
                Ledger.Acknowledge(await client.DrawNumberAsync());
            var recovery = Stopwatch.GetElapsedTime(start);
            await Ledger.VerifyAsync(server.Client);
            onRecovered(recovery);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private void EndRound(TimeSpan recovery)
    {
        rounds++;
        recoveries.Add(recovery);
        var after = (Ledger.Acknowledged, Ledger.Repeated, Ledger.Lost, Ledger.Burned);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fault}, round {rounds}: {after.Acknowledged - before.Acknowledged} acknowledged, "
            + $"{after.Repeated - before.Repeated} repeated, {after.Lost - before.Lost} lost, "
            + $"{after.Burned - before.Burned} burned, {recovery.TotalSeconds:0.00} s to recover"));
        before = after;
    }
}
