using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>A disk that is full: the draws at hand are refused, and go on when there is room again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    /// <summary>The write that fails is the first one of a commit, or one in its middle: then half of it is in the log.</summary>
    [Theory]
    [InlineData("error=ENOSPC")]
    [InlineData("error=ENOSPC:when=2+2")]
    [InlineData("error=ENOSPC:when=3+3")]
    public async Task A_full_disk_refuses_draws_until_there_is_room_and_no_number_is_given_again(string fault)
    {
        var given = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory))
        {
            using var client = await DrawClient.ConnectAsync(server.Address);
            await DrawAsync(client, given, 10);

            await using (var strace = await Strace.AttachAsync(server.Id, "pwrite64", fault, directory.File("numbers.db-wal")))
            {
                for (var draw = 0; draw < 5; draw++)
                    Assert.Equal(503, (await client.DrawAsync())?.Status);
                await strace.DetachAsync();
            }

            await DrawAsync(client, given, 10);
            Assert.False(server.HasExited);
            Assert.DoesNotContain(server.Output, line => line.Contains("FTL", StringComparison.Ordinal));
            // What was half written must not come back when the log is read again.
            await server.KillAsync();
        }

        await using (var server = await ServerProcess.StartAsync(directory))
        {
            using var client = await DrawClient.ConnectAsync(server.Address);
            await DrawAsync(client, given, 10);
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyGiven(given));
    }

    private static async Task DrawAsync(DrawClient client, List<long> given, int count)
    {
        for (var draw = 0; draw < count; draw++)
            given.Add(await client.DrawNumberAsync());
    }
}
