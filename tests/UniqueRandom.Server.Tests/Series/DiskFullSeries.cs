using System.Net;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Series;

/// <summary>Fills the disk of the database and its mark under load.</summary>
public sealed class DiskFullSeries(FaultTable table, ITestOutputHelper output)
{
    [Fact]
    public async Task Full_disks()
    {
        await using var disk = await SmallFileSystem.MountAsync(mebibytes: 48);
        using var run = new FaultRun("disk full", table, output) { Database = disk.Database };
        await run.RepeatAsync(TestRounds.Count(few: 2, all: 20), async (server, _) =>
        {
            var load = await run.LoadAsync();
            await load.ReceiveAsync(Random.Shared.Next(1, 1000));
            disk.Fill();
            await RefusedAsync(server);
            Assert.Equal(503, (await server.Client.CreatePoolAsync("another", 1, 1000)).Status);
            disk.MakeRoom();

            // It goes on without a restart. A partial write must not reappear after one.
            await load.ReceiveAsync(1000);
            Assert.False(server.HasExited);
            await server.KillAsync();
            await load.EndAsync();
        });
    }

    /// <summary>Waits until a draw is refused: the log of the database may have room that was written before.</summary>
    private static async Task RefusedAsync(ServerProcess server)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await server.Client.GetAsync("health/ready", TestContext.Current.CancellationToken);
                return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "the server refuses");
    }
}
