using System.Runtime.InteropServices;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>Sets the clock of a server back by a day while it draws, and again before it starts.</summary>
public sealed class ClockSeries(FaultTable table, ITestOutputHelper output)
{
    private static readonly string Library =
        $"/usr/lib/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu/faketime/"
        + "libfaketimeMT.so.1";

    [Fact]
    public async Task The_clock_is_set_back()
    {
        Assert.SkipUnless(File.Exists(Library), "faketime is not installed (apt-get install faketime).");
        using var run = new FaultRun("clock set back a day", table, output);
        var clock = run.Directory.File("clock");
        var environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME_TIMESTAMP_FILE"] = clock,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
        await using (var first = await run.StartAsync())
            Assert.Equal(0, await first.StopAsync());
        for (var round = 0; round < TestRounds.Count(few: 1, all: 5); round++)
        {
            await File.WriteAllTextAsync(clock, "+0\n", TestContext.Current.CancellationToken);
            await using var server = await ServerProcess.ServeAsync(run.Launch(environment: environment));
            var load = await run.LoadAsync();
            await load.ReceiveAsync(500);
            await File.WriteAllTextAsync(clock, "-1d\n", TestContext.Current.CancellationToken);
            await load.ReceiveAsync(500);
            await AssertSetBackAsync(server);
            await server.KillAsync();
            await load.EndAsync();

            await using var yesterday = await ServerProcess.ServeAsync(run.Launch(environment: environment));
            load = await run.LoadAsync();
            await load.ReceiveAsync(500);
            await yesterday.KillAsync();
            await load.EndAsync();
            await using var next = await run.RecoverAsync();
            Assert.Equal(0, await next.StopAsync());
        }

        await using var last = await run.StartAsync();
        await run.EndAsync(last);
        Assert.Equal((0, 0), (run.Ledger.Repeated, run.Ledger.Lost));
    }

    /// <summary>Verifies that the running server has noticed: the log ends a day before an earlier draw.</summary>
    private static async Task AssertSetBackAsync(ServerProcess server)
    {
        var log = (await server.Client.FetchAsync("/pools/default/draws")).Expect(200).Lines;
        var times = log.Select(line => line.GetProperty("drawnAt").GetDateTime()).ToList();
        Assert.InRange(times.Max() - times[^1], TimeSpan.FromHours(23), TimeSpan.FromHours(25));
    }
}
