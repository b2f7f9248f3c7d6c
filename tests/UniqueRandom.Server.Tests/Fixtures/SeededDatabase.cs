using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>
/// A closed database of three chunks with five drawn numbers. Tests copy it.
/// </summary>
public sealed class SeededDatabase : IAsyncLifetime
{
    public const string Maximum = "20000";
    public const int Drawn = 5;

    private readonly TemporaryDirectory directory = new();

    public async ValueTask InitializeAsync()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", Maximum);
        using var client = await DrawClient.ConnectAsync(server.Address);
        for (var draw = 0; draw < Drawn; draw++)
            await client.DrawNumberAsync();
        Assert.Equal(0, await server.StopAsync());
    }

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Copies the database and its mark.</summary>
    public void CopyTo(string path)
    {
        File.Copy(directory.Database, path);
        File.Copy(directory.Mark, $"{path}.mark");
    }
}
