using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>A disk that fails to sync: nobody knows what is on it, so nobody is answered from it any more.</summary>
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
    public async Task An_error_on_the_commit_path_stops_the_process_and_no_number_is_given_again(
        string calls, string fault, string? file)
    {
        var given = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            // So few that the log is not yet due to be written back: what fails first is the sync of a commit.
            using (var client = await DrawClient.ConnectAsync(server.Address))
                given.Add((await client.DrawAsync())!.Value.Number);
            await using var strace = await Strace.AttachAsync(
                server.Id, calls, fault, file is null ? null : directory.File(file));
            var load = await DrawLoad.StartAsync(server.Address, Clients, persists: true);

            Assert.NotEqual(0, await server.ExitAsync());

            var results = await load.FinishAsync();
            Assert.Equal([503], results.Refusals.Keys);
            Assert.Contains(server.Output, line => line.Contains("FTL The store failed", StringComparison.Ordinal));
            Assert.Empty(results.Numbers);
        }

        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "20000"))
        {
            var load = await DrawLoad.StartAsync(server.Address, Clients, mark: 500);
            await load.ReachedAsync();
            Assert.Equal(0, await server.StopAsync());
            given.AddRange((await load.FinishAsync()).Numbers);
        }

        Assert.InRange(StoredDraws.Read(directory.Database).VerifyGiven(given), 0, Clients);
    }
}
