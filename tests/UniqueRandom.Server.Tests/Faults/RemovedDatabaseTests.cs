using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Faults;

/// <summary>
/// A database that is removed while it is open. Draws from it could be repeated by a server that starts on its name.
/// </summary>
public sealed class RemovedDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

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
