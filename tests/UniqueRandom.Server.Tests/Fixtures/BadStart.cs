using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Fixtures;

/// <summary>Verifies that the server refuses to start, with one line and with no change on disk.</summary>
internal static class BadStart
{
    /// <summary>Starts the server and verifies the refusal.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="expected">The text that the one line on stderr must contain.</param>
    /// <param name="arguments">The switches.</param>
    public static Task RefusedAsync(TemporaryDirectory directory, string expected, params string[] arguments) =>
        RefusedAsync(directory, expected, [], arguments);

    /// <summary>Starts the server with environment variables and verifies the refusal.</summary>
    public static async Task RefusedAsync(
        TemporaryDirectory directory, string expected, Dictionary<string, string> environment, params string[] arguments)
    {
        var before = directory.Contents();
        await using var server = ServerProcess.Launch(directory, environment, arguments);

        Assert.Equal(1, await server.ExitAsync());

        Assert.Contains(expected, Assert.Single(server.Errors));
        Assert.DoesNotContain(server.Output, line => line.Contains(" ERR ", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Output, line => line.Contains("Serving", StringComparison.Ordinal));
        Assert.Equal(before, directory.Contents());
    }
}
