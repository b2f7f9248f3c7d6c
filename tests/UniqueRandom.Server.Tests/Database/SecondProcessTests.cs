using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Database;

/// <summary>One file, one process: by whatever name the second one reaches the file.</summary>
public sealed class SecondProcessTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_second_process_on_the_same_file_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");

        await RefusedWhileServingAsync(server, "numbers.db");
    }

    [Fact]
    public async Task A_second_process_through_a_symbolic_link_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
        File.CreateSymbolicLink(directory.File("link.db"), directory.Database);

        await RefusedWhileServingAsync(server, "link.db");
    }

    [Fact]
    public async Task A_second_process_through_a_linked_directory_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
        Directory.CreateSymbolicLink(directory.File("here"), directory.Path);

        await RefusedWhileServingAsync(server, "here/numbers.db");
    }

    [Fact]
    public async Task A_second_process_through_a_hard_link_is_refused()
    {
        await using var server = await ServerProcess.StartAsync(directory, "--maximum", "100");
        await Command.RunAsync("ln", directory.Database, directory.File("link.db"));

        await RefusedWhileServingAsync(server, "link.db");
    }

    [Fact]
    public async Task The_next_process_is_let_in_after_the_first_one_was_killed()
    {
        await using (var server = await ServerProcess.StartAsync(directory, "--maximum", "100"))
            await server.KillAsync();

        await using var next = await ServerProcess.StartAsync(directory, "--maximum", "100");
        Assert.Equal(0, await next.StopAsync());
        Assert.Equal([directory.Database], directory.Contents().Keys);
    }

    /// <summary>The first process draws before and after, undisturbed.</summary>
    private async Task RefusedWhileServingAsync(ServerProcess server, string database)
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
