using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Configuration;

/// <summary>Settings in files, as systemd hands credentials to a service.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly TemporaryDirectory credentials = new();

    public void Dispose()
    {
        directory.Dispose();
        credentials.Dispose();
    }

    [Fact]
    public async Task A_key_is_read_from_a_file_whose_text_ends_with_a_newline()
    {
        var shop = new KeyHolder("shop", "draw");
        foreach (var (name, value) in KeyHolder.Environment(shop))
            await WriteAsync(name, value);
        await using var server = await ServerProcess.StartAsync(directory, Environment());

        Assert.Equal(401, (await server.Client.FetchAsync("/random")).Status);
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", shop.Key);
        (await server.Client.FetchAsync("/random")).Success(200);
    }

    [Fact]
    public async Task A_file_is_below_the_environment_and_above_appsettings()
    {
        await File.WriteAllTextAsync(
            directory.File("appsettings.json"), """{ "UniqueRandom": { "Minimum": 2, "Maximum": 7, "Database": "a.db" } }""");
        await WriteAsync("UniqueRandom__Maximum", "8");
        await WriteAsync("UniqueRandom__Database", "b.db");
        var environment = Environment();
        environment["UniqueRandom__Database"] = "c.db";
        await using var server = await ServerProcess.StartAsync(directory, environment);

        Assert.Contains("(2..8) from c.db", await server.LineAsync("Serving pool"));
    }

    [Fact]
    public async Task A_file_with_the_name_of_a_variable_of_ASPNET_Core_is_that_setting()
    {
        var port = LoopbackPort.Take();
        await WriteAsync("ASPNETCORE_URLS", $"http://127.0.0.1:{port}");
        await using var server = ServerProcess.LaunchExactly([], directory, Environment(), "--maximum", "10");

        Assert.EndsWith($"at http://127.0.0.1:{port}", await server.LineAsync("Serving pool"));
    }

    [Fact]
    public async Task An_unknown_setting_in_a_file_is_refused()
    {
        await WriteAsync("UniqueRandom__Key__shop", "");
        await BadStart.RefusedAsync(directory, "Unknown setting 'UniqueRandom:Key'", Environment());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_refused()
    {
        File.CreateSymbolicLink(credentials.File("UniqueRandom__Maximum"), credentials.File("missing"));
        await BadStart.RefusedAsync(
            directory, $"Can't read the credentials in {credentials.Path} (CREDENTIALS_DIRECTORY): ", Environment());
    }

    [Fact]
    public Task A_directory_that_does_not_exist_is_refused() => BadStart.RefusedAsync(
        directory, "Can't read the credentials in missing (CREDENTIALS_DIRECTORY): ",
        new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = "missing" });

    private Dictionary<string, string> Environment() => new() { ["CREDENTIALS_DIRECTORY"] = credentials.Path };

    private Task WriteAsync(string name, string value) => File.WriteAllTextAsync(credentials.File(name), value + "\n");
}
