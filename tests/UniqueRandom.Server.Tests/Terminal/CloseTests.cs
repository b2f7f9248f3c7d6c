using CliWrap;
using CliWrap.Buffered;
using UniqueRandom.Testing.Fixtures;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>The verb close, which asks before it closes a pool.</summary>
public sealed class CloseTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Without_a_terminal_it_must_be_told_not_to_ask()
    {
        var pool = await server.CreatePoolAsync(5);

        Assert.Contains("--yes", (await Run.OfAsync(server.Address, "close", pool)).Failed(2));
        Assert.Equal("open", await StateAsync(pool));

        var lines = (await Run.OfAsync(server.Address, "close", pool, "--yes")).Done();
        Assert.Contains(lines, line => line.StartsWith("Seed ", StringComparison.Ordinal));
        Assert.Equal("closed", await StateAsync(pool));
    }

    [Theory]
    [InlineData("n", 1, "open")]
    [InlineData("", 1, "open")]
    [InlineData("y", 0, "closed")]
    public async Task At_a_terminal_it_asks(string answer, int exitCode, string state)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script (Debian package bsdutils) is not installed.");
        var pool = await server.CreatePoolAsync(5);

        // Gives the program a terminal, and types the answer into it.
        var run = await Cli.Wrap("/usr/bin/script")
            .WithArguments(["-qec", $"'{ServerProcess.Executable}' close {pool} --url {server.Address}", "/dev/null"])
            .WithEnvironmentVariables(variables => ServerVariables(variables))
            .WithStandardInputPipe(PipeSource.FromString($"{answer}\n"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

        Assert.Contains($"Close the pool '{pool}' permanently, with 5 numbers left? [y/N]", run.StandardOutput);
        Assert.Equal((exitCode, state), (run.ExitCode, await StateAsync(pool)));
    }

    private static void ServerVariables(CliWrap.Builders.EnvironmentVariablesBuilder variables)
    {
        var prepared = new Dictionary<string, string?>();
        ServerEnvironment.Prepare(prepared);
        foreach (var (name, value) in prepared)
            variables.Set(name, value);
    }

    private async Task<string?> StateAsync(string pool) =>
        (await server.Client.StatusAsync(pool)).GetProperty("state").GetString();
}
