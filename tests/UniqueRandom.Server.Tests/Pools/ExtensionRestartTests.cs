using UniqueRandom.Audit;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Pools;

/// <summary>Extensions of the pool default that are interrupted, with the range that was configured at first.</summary>
public sealed class ExtensionRestartTests : IDisposable
{
    private const int Extended = 30_000_000;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_extension_is_completed_by_the_next_start_while_draws_go_on(bool kill)
    {
        string commitment;
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "10"))
        {
            (await server.Client.DrawAsync("default", 3)).Success(201);
            // The answer is not awaited, because the server may have stopped by then.
            _ = server.Client.SendRequestAsync("POST", "/pools/default/extend", $$"""{"maximum":{{Extended}}}""", "more")
                .ContinueWith(extension => extension.Exception, TaskScheduler.Default);
            await server.LineAsync($"Seeding pool default with the numbers 11..{Extended}");
            await server.LineAsync("Seeding pool default: 25 %");
            var pending = (await server.Client.StatusAsync("default")).GetProperty("segments")[1];
            Assert.False(pending.GetProperty("ready").GetBoolean());
            commitment = pending.GetProperty("commitment").GetString()!;
            if (kill)
                await server.KillAsync();
            else
                Assert.Equal(0, await server.StopAsync());
        }

        await using var next = await ServerProcess.StartAsync(directory, "--maximum", "10");
        (await next.Client.DrawAsync("default", 4)).Success(201);
        await next.LineAsync("Seeded pool default");
        var retried = (await next.Client.SendRequestAsync(
            "POST", "/pools/default/extend", $$"""{"maximum":{{Extended}}}""", "more")).Success(200);
        Assert.Equal(Extended, retried.GetProperty("size").GetInt32());
        Assert.Equal(commitment, retried.GetProperty("segments")[1].GetProperty("commitment").GetString());
        (await next.Client.DrawAsync("default", 10_000)).Success(201);

        var status = await next.Client.ClosePoolAsync("default");
        var log = await next.Client.FetchAsync("/pools/default/draws");
        var finding = OrderAudit.Check(
            ExportedStatus.Read(status.Text, "status.json"), log.Text.Split('\n'), TestContext.Current.CancellationToken);
        Assert.True(finding.Holds, finding.Sentence);
        Assert.Contains($"10,007 numbers at positions 0 to 10,006 of 1..{Extended}", finding.Sentence);
    }
}
