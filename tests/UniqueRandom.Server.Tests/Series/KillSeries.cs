using System.Globalization;
using System.Net;
using UniqueRandom.Server.Tests.Faults;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>Kills the server under load: while it draws, seeds, checkpoints, backs up and stops.</summary>
public sealed class KillSeries(FaultTable table, ITestOutputHelper output)
{
    [Fact]
    public async Task Kills()
    {
        using var run = new FaultRun("kill -9", table, output) { Switches = ["--backup-directory", "."] };
        await run.RepeatAsync(
            TestRounds.Count(few: 5, all: 100),
            async (server, round) =>
            {
                var load = await run.LoadAsync();
                await load.ReceiveAsync(Random.Shared.Next(1, 3000));
                await KillAsync(server, round, run);
                await load.EndAsync();
            },
            server => Eventually.TrueAsync(
                async () => !(await server.Client.GetStringAsync("pools")).Contains("\"seeding\"", StringComparison.Ordinal),
                "the pools are seeded"));
    }

    private static async Task KillAsync(ServerProcess server, int round, FaultRun run)
    {
        switch (round % 5)
        {
            case 1:
                _ = IgnoreAsync(server.Client.CreatePoolAsync($"pool-{round}", 1, 400_000));
                await Task.Delay(Random.Shared.Next(150));
                break;
            case 2:
                // The only writes of the database itself are those of a checkpoint.
                var write = Random.Shared.Next(1, 50).ToString(CultureInfo.InvariantCulture);
                var fault = $"signal=SIGKILL:when={write}";
                await using (await Strace.AttachAsync(server.Id, "pwrite64", fault, run.Directory.Database))
                    await server.ExitAsync();
                return;
            case 3:
                using (var started = await server.Client.PostAsync("backup", null))
                    Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
                await Task.Delay(Random.Shared.Next(100));
                break;
            case 4:
                var stopped = server.StopAsync();
                await Task.Delay(Random.Shared.Next(30));
                await server.KillAsync();
                await stopped;
                return;
        }

        await server.KillAsync();
    }

    /// <summary>The kill takes the answer with it.</summary>
    private static async Task IgnoreAsync(Task request)
    {
        try
        {
            await request;
        }
        catch (HttpRequestException)
        {
        }
    }
}
