using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>
/// A database that is moved while it is open. Draws from it could be repeated by a server that starts on the old
/// name.
/// </summary>
public sealed class MovedDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_moved_or_replaced_database_cannot_be_drawn_from(bool isReplaced)
    {
        var received = new List<long>();
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "1000"))
        {
            using var client = await DrawClient.ConnectAsync(server.Address);
            received.Add(await client.DrawNumberAsync());
            if (isReplaced)
                File.Copy(directory.Database, directory.File("copy.db"));
            File.Move(directory.Database, directory.File("moved.db"));
            if (isReplaced)
                File.Move(directory.File("copy.db"), directory.Database);

            Assert.Equal(503, (await client.DrawAsync())?.Status);

            Assert.NotEqual(0, await server.ExitAsync());
            Assert.Contains(server.Output, line => line.Contains("was moved or removed", StringComparison.Ordinal));
        }

        File.Move(directory.File("moved.db"), directory.Database, overwrite: true);
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "1000"))
        {
            using var client = await DrawClient.ConnectAsync(server.Address);
            received.Add(await client.DrawNumberAsync());
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(0, StoredDraws.Read(directory.Database).VerifyReceived(received));
    }

    [Fact]
    public async Task A_removed_database_cannot_be_drawn_from()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "1000");
        using var client = await DrawClient.ConnectAsync(server.Address);
        await client.DrawNumberAsync();
        File.Delete(directory.Database);

        Assert.Equal(503, (await client.DrawAsync())?.Status);

        Assert.NotEqual(0, await server.ExitAsync());
    }
}
