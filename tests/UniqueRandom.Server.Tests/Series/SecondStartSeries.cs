using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>Starts a second server on the database of one that draws, is suspended, or is stopping.</summary>
public sealed class SecondStartSeries(FaultTable table, ITestOutputHelper output)
{
    [Fact]
    public async Task Second_starts()
    {
        using var run = new FaultRun("second start", table, output);
        await run.RepeatAsync(TestRounds.Count(few: 3, all: 50), async (server, round) =>
        {
            var load = await run.LoadAsync();
            await load.ReceiveAsync(100);
            if (round % 3 == 2)
            {
                await StartWhileStoppingAsync(run, server);
            }
            else
            {
                await AssertRefusedAsync(run, server, isSuspended: round % 3 == 1);
                await load.ReceiveAsync(100);
                await server.KillAsync();
            }

            await load.EndAsync();
        });
    }

    private static async Task AssertRefusedAsync(FaultRun run, ServerProcess server, bool isSuspended)
    {
        if (isSuspended)
            await server.FreezeAsync();
        await using var second = Second(run);
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("is in use by another process", Assert.Single(second.Errors));
        if (isSuspended)
            await server.ContinueAsync();
    }

    /// <summary>The second one is refused, or the first one has ended.</summary>
    private static async Task StartWhileStoppingAsync(FaultRun run, ServerProcess server)
    {
        var stopping = server.StopAsync();
        await using var second = Second(run);
        var serves = await second.TryServeAsync();
        Assert.Equal(0, await stopping);
        if (serves)
            Assert.Equal(0, await second.StopAsync());
        else
            Assert.Contains("is in use by another process", Assert.Single(second.Errors));
    }

    private static ServerProcess Second(FaultRun run) => ServerProcess.Launch(
        run.Directory, "--maximum", "2000000", "--database", run.Directory.Database);
}
