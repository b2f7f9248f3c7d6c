using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>A full disk refuses draws, and draws continue when there is room again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    /// <summary>Fails the first write of a commit or a later one, which leaves a partial commit in the WAL.</summary>
    [Theory]
    [InlineData("error=ENOSPC")]
    [InlineData("error=ENOSPC:when=2+2")]
    [InlineData("error=ENOSPC:when=3+3")]
    public async Task A_full_disk_refuses_draws_until_there_is_room_and_no_number_is_repeated(string fault)
    {
        var received = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory))
        {
            using var client = await DrawClient.ConnectAsync(server.Address);
            await DrawAsync(client, received, 10);

            await using (var strace = await Strace.AttachAsync(server.Id, "pwrite64", fault, directory.File("numbers.db-wal")))
            {
                for (var draw = 0; draw < 5; draw++)
                    Assert.Equal(503, (await client.DrawAsync())?.Status);
                await strace.DetachAsync();
            }

            await DrawAsync(client, received, 10);
            Assert.False(server.HasExited);
            Assert.DoesNotContain(server.Output, line => line.Contains("FTL", StringComparison.Ordinal));
            // A partial write must not reappear when the WAL is read again.
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(directory))
        {
            using var client = await DrawClient.ConnectAsync(server.Address);
            await DrawAsync(client, received, 10);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyReceived(received));
    }

    private static async Task DrawAsync(DrawClient client, List<long> received, int count)
    {
        for (var draw = 0; draw < count; draw++)
            received.Add(await client.DrawNumberAsync());
    }
}
