using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>A disk that fails to sync. Its state is unknown, so the server stops.</summary>
public sealed class FailingSyncTests : IDisposable
{
    private const int Clients = 8;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("fsync,fdatasync", "error=EIO", null)]
    [InlineData("fsync,fdatasync", "error=EIO:when=1", null)]
    [InlineData("pwrite64", "error=EIO", "numbers.db-wal")]
    [InlineData("pwrite64", "error=EIO:when=2", "numbers.db-wal")]
    public async Task An_error_on_the_commit_path_stops_the_process_and_no_number_is_repeated(
        string calls, string fault, string? file)
    {
        var received = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            // So few draws that no checkpoint is due, so that the sync of a commit fails first.
            using (var client = await DrawClient.ConnectAsync(server.Address))
                received.Add((await client.DrawAsync())!.Value.Number);
            await using var strace = await Strace.AttachAsync(
                server.Id, calls, fault, file is null ? null : directory.File(file));
            var load = await DrawLoad.StartAsync(server.Address, Clients, persists: true);

            Assert.NotEqual(0, await server.ExitAsync());

            var results = await load.FinishAsync();
            Assert.Equal([503], results.Refusals.Keys);
            Assert.Contains(server.Output, line => line.Contains("FTL The store failed", StringComparison.Ordinal));
            Assert.Empty(results.Numbers);
        }

        await AssertContinuesAsync(received);
    }

    /// <summary>Draws below the ceiling that is synced go on until the next one is needed.</summary>
    [Fact]
    public async Task An_error_of_a_sync_of_the_mark_stops_the_process_and_no_number_is_repeated()
    {
        List<long> received;
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            await using var strace = await Strace.AttachAsync(server.Id, "fsync", "error=EIO", directory.Mark);
            var load = await DrawLoad.StartAsync(server.Address, Clients, persists: true);

            Assert.Equal(1, await server.ExitAsync());

            received = (await load.FinishAsync()).Numbers;
            var failure = Assert.Single(server.Output, line => line.Contains(" FTL ", StringComparison.Ordinal));
            Assert.Contains($"The mark '{directory.Mark}' can't be written", failure);
        }

        await AssertContinuesAsync(received);
    }

    private async Task AssertContinuesAsync(List<long> received)
    {
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            var load = await DrawLoad.StartAsync(server.Address, Clients, mark: 500);
            await load.ReachedAsync();
            Assert.Equal(0, await server.StopAsync());
            received.AddRange((await load.FinishAsync()).Numbers);
        }

        Assert.InRange(StoredDraws.Read(directory.Database).VerifyReceived(received), 0, Clients);
    }
}
