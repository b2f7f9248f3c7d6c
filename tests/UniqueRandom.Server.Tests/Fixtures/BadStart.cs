using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>A start that must be refused: with one line that says why, and with nothing changed on disk.</summary>
internal static class BadStart
{
    /// <summary>Starts the server and verifies the refusal.</summary>
    /// <param name="directory">Its working directory.</param>
    /// <param name="named">What the one line on stderr must name.</param>
    /// <param name="arguments">Its switches.</param>
    public static Task RefusedAsync(TemporaryDirectory directory, string named, params string[] arguments) =>
        RefusedAsync(directory, named, [], arguments);

    /// <summary>Starts the server with environment variables and verifies the refusal.</summary>
    public static async Task RefusedAsync(
        TemporaryDirectory directory, string named, Dictionary<string, string> environment, params string[] arguments)
    {
        var before = directory.Contents();
        await using var server = ServerProcess.Launch(directory, environment, arguments);

        Assert.NotEqual(0, await server.ExitAsync());

        Assert.Contains(named, Assert.Single(server.Errors));
        Assert.DoesNotContain(server.Output, line => line.Contains("Serving", StringComparison.Ordinal));
        Assert.Equal(before, directory.Contents());
    }
}
