using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Configuration;

/// <summary>The sources of settings and their precedence.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Precedence_is_switch_environment_variable_appsettings_default()
    {
        Assert.Contains("(1..1000000) from numbers.db", await ReadServingLineAsync([]));

        await File.WriteAllTextAsync(
            directory.File("appsettings.json"),
            """{ "UniqueRandom": { "Database": "file.db", "Minimum": 2, "Maximum": 7 } }""",
            TestContext.Current.CancellationToken);
        Assert.Contains("(2..7) from file.db", await ReadServingLineAsync([]));

        var environment = new Dictionary<string,
            string>
        { ["UniqueRandom__Database"] = "environment.db", ["UniqueRandom__Maximum"] = "8" };
        Assert.Contains("(2..8) from environment.db", await ReadServingLineAsync(environment));
        Assert.Contains(
            "(2..9) from switch.db", await ReadServingLineAsync(environment, "--database", "switch.db", "--maximum", "9"));

        string[] databases = ["environment.db", "file.db", "numbers.db", "switch.db"];
        Assert.Equal(
            ["appsettings.json", .. databases.SelectMany(database => new[] { database, $"{database}.mark" })],
            directory.Contents().Keys.Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_usage_lists_every_switch_and_changes_no_file()
    {
        await using var server = ServerProcess.Launch(directory, "--help");

        Assert.Equal(0, await server.ExitAsync());
        string[] names =
        [
            "--database", "--minimum", "--maximum", "--store", "--queue-capacity", "--urls", "--requests-per-second",
            "--allow-anonymous",
        ];
        foreach (var name in names)
            Assert.Contains(server.Output, line => line.Contains(name, StringComparison.Ordinal));
        Assert.Empty(directory.Contents());
    }

    private async Task<string> ReadServingLineAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var server = await ServerProcess.StartAsync(directory, environment, arguments);
        Assert.Equal(0, await server.StopAsync());
        return await server.LineAsync("Serving pool");
    }
}
