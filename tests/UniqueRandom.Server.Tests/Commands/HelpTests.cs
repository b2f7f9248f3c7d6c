using System.Reflection;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Commands;

public sealed class HelpTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task The_version_is_that_of_the_program()
    {
        var program = Assembly.Load("UniqueRandom.Server");
        Assert.Equal($"{program.GetName().Version!.ToString(3)}", Assert.Single(await OutputAsync("--version")));
    }

    [Fact]
    public async Task The_help_has_examples_and_verbs_and_that_of_a_verb_has_its_own_switches()
    {
        var help = await OutputAsync("--help");
        Assert.Contains("Examples:", help);
        Assert.Contains(help, line => line.StartsWith("  health ", StringComparison.Ordinal));

        var verb = await OutputAsync("health", "--help");
        Assert.DoesNotContain("Examples:", verb);
        Assert.Contains(verb, line => line.Contains("--urls", StringComparison.Ordinal));
        Assert.DoesNotContain(verb, line => line.Contains("--database", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("lookup")]
    [InlineData("completion")]
    [InlineData("transfer")]
    public async Task The_help_of_a_verb_needs_no_arguments(string verb) =>
        Assert.Contains("Examples:", await OutputAsync(verb, "--help"));

    private async Task<IReadOnlyList<string>> OutputAsync(params string[] arguments)
    {
        await using var program = ServerProcess.LaunchExactly([], directory, [], arguments);
        Assert.Equal(0, await program.ExitAsync());
        Assert.Empty(program.Errors);
        return program.Output;
    }
}
