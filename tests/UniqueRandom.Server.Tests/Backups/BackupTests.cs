using System.Net;
using System.Text.Json;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Server.Tests.Backups;

/// <summary>Backups, checks and restores of a real server, as its operator makes them.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly HashSet<long> received = [];

    public BackupTests() => Directory.CreateDirectory(Backups);

    private string Backups => directory.File("backups");

    private string[] Switches => ["--backup-directory", Backups];

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_backup_under_load_is_restored_without_a_repetition()
    {
        await using (var server = await ServerProcess.StartAsync(directory, Switches))
        {
            var load = await DrawLoad.StartAsync(server.Address, clients: 16, mark: 500);
            await load.ReachedAsync();
            var backup = await EndOfAsync(server, "backup");
            Assert.Equal("done", backup.GetProperty("state").GetString());
            await EndOfAsync(server, "check");
            await server.KillAsync();
            Add((await load.FinishAsync()).Numbers);
        }

        var file = Assert.Single(Directory.GetFiles(Backups));
        var (code, output) = await RunAsync("restore", "--from", file);
        Assert.Equal(2, code);
        Assert.Contains("Use --yes", output);
        (code, output) = await RunAsync("restore", "--yes", "--from", file);
        Assert.True(code == 0, output);
        Assert.Contains("given up", output);
        Assert.Contains("What it replaces is", output);

        await using (var server = await ServerProcess.StartAsync(directory))
        {
            var load = await DrawLoad.StartAsync(server.Address, clients: 16, mark: 500);
            await load.ReachedAsync();
            await server.KillAsync();
            Add((await load.FinishAsync()).Numbers);
        }

        (code, output) = await RunAsync("check-file");
        Assert.True(code == 0, output);
        Assert.Contains("Everything is whole: 1 pool.", output);
        // The verbs use what the server has configured.
        await File.WriteAllTextAsync(
            directory.File("appsettings.json"), """{"UniqueRandom":{"Database":"configured.db"}}""");
        (code, output) = await RunAsync("check-file");
        Assert.Equal(2, code);
        Assert.Contains("'configured.db'", output);
        StoredDraws.Read(directory.Database).VerifyReceived(received);
    }

    [Fact]
    public async Task A_server_that_is_killed_during_backups_starts_again_and_makes_another()
    {
        for (var round = 0; round < TestRounds.Count(few: 3, all: 20); round++)
        {
            await using var server = await ServerProcess.StartAsync(directory, Switches);
            using var client = await DrawClient.ConnectAsync(server.Address);
            received.Add(await client.DrawNumberAsync());
            using var started = await server.Client.PostAsync("backup", null);
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
            await Task.Delay(Random.Shared.Next(100));
            await server.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(directory, Switches);
        Assert.Equal("done", (await EndOfAsync(last, "backup")).GetProperty("state").GetString());
        Assert.All(Directory.GetFileSystemEntries(Backups), file => Assert.EndsWith(".db", file));
    }

    [Fact]
    public async Task Without_a_directory_a_backup_is_refused_and_a_directory_must_exist()
    {
        await using var server = await ServerProcess.StartAsync(directory);
        var refused = await server.Client.SendRequestAsync(new HttpRequestMessage(HttpMethod.Post, "backup"));
        Assert.Equal(409, refused.Status);
        Assert.Equal("none", (await ReadAsync(server, "backup")).GetProperty("state").GetString());
        await BadStart.RefusedAsync(
            directory, "--backup-directory (UniqueRandom__BackupDirectory) must be a directory that exists", "--backup-directory",
            directory.File("missing"), "--database", "other.db");
    }

    [Fact]
    public async Task The_verbs_wait_for_the_server_and_check_file_refuses_a_file_in_use()
    {
        await using var server = await ServerProcess.StartAsync(directory, Switches);
        var (code, output) = await RunAsync("backup", "--url", $"{server.Address}");
        Assert.True(code == 0, output);
        Assert.Contains(Path.GetFileName(Assert.Single(Directory.GetFiles(Backups))), output);
        (code, output) = await RunAsync("check", "--url", $"{server.Address}");
        Assert.True(code == 0, output);
        Assert.Contains("1,000,000", output);
        (code, output) = await RunAsync("check-file");
        Assert.Equal(2, code);
        Assert.Contains("is in use by another process", output);
    }

    [Fact]
    public async Task Damage_ends_the_server_and_the_verb_has_failed()
    {
        await using var server = await ServerProcess.StartAsync(directory, Switches);
        await using (var file = new FileStream(directory.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = file.Length / 2;
            file.Write(new byte[8192]);
        }

        var (code, output) = await RunAsync("check", "--url", $"{server.Address}", "--timeout", "2");
        Assert.Equal(1, code);
        Assert.True(output.Contains("see its log", StringComparison.Ordinal) || output.Contains("The check failed"), output);
        Assert.Equal(1, await server.ExitAsync());
        Assert.Single(server.Output, line => line.Contains(" FTL ", StringComparison.Ordinal));
    }

    private void Add(IEnumerable<long> numbers) =>
        Assert.All(numbers, number => Assert.True(received.Add(number), $"{number} was received twice."));

    /// <summary>Starts an operation, and returns how it has ended.</summary>
    private static async Task<JsonElement> EndOfAsync(ServerProcess server, string operation)
    {
        using var started = await server.Client.PostAsync(operation, null);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        JsonElement status = default;
        await Eventually.TrueAsync(
            async () =>
            {
                status = await ReadAsync(server, operation);
                return status.GetProperty("state").GetString() != "running";
            },
            $"the {operation} has ended");
        return status;
    }

    private static async Task<JsonElement> ReadAsync(ServerProcess server, string operation) =>
        JsonDocument.Parse(await server.Client.GetStringAsync(operation)).RootElement;

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var verb = ServerProcess.LaunchExactly([], directory, [], arguments);
        var code = await verb.ExitAsync();
        return (code, string.Join('\n', [.. verb.Output, .. verb.Errors]));
    }
}
