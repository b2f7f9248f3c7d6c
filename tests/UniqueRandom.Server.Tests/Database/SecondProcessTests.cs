using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Database;

/// <summary>Only one process can use a database, by any name of its file.</summary>
public sealed class SecondProcessTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_second_process_on_the_same_file_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");

        await AssertSecondRefusedAsync(server, "numbers.db");
    }

    [Fact]
    public async Task A_second_process_through_a_symbolic_link_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
        File.CreateSymbolicLink(directory.File("link.db"), directory.Database);

        await AssertSecondRefusedAsync(server, "link.db");
    }

    [Fact]
    public async Task A_second_process_through_a_linked_directory_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
        Directory.CreateSymbolicLink(directory.File("here"), directory.Path);

        await AssertSecondRefusedAsync(server, "here/numbers.db");
    }

    [Fact]
    public async Task A_second_process_through_a_hard_link_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
        await Command.RunAsync("ln", directory.Database, directory.File("link.db"));

        await AssertSecondRefusedAsync(server, "link.db");
    }

    [Fact]
    public async Task After_a_kill_the_next_process_can_start()
    {
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "100"))
            await server.KillAsync();

        await using var next = await ServerProcess.StartAsync(directory, "--maximum", "100");
        Assert.Equal(0, await next.StopAsync());
        Assert.Equal([directory.Database, directory.Mark], directory.Contents().Keys);
    }

    /// <summary>Verifies that a second process is refused and the first one continues to draw.</summary>
    private async Task AssertSecondRefusedAsync(ServerProcess server, string database)
    {
        using var client = await DrawClient.ConnectAsync(server.Address);
        await client.DrawNumberAsync();

        await BadStart.RefusedAsync(
            directory, $"{database}' is in use by another process", "--database", database, "--maximum", "100");

        await client.DrawNumberAsync();
        Assert.Equal(0, await server.StopAsync());
        var stored = StoredDraws.Read(directory.Database);
        Assert.Equal((2, 2), (stored.Cursor, stored.LogEnd));
    }
}
