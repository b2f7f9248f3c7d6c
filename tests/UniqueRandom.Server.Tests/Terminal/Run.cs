using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>A run of the program at a terminal, to its end.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">The lines on standard output.</param>
/// <param name="Errors">The lines on standard error, without the notice that the program waits.</param>
/// <param name="HasWaited">
/// Whether the program has said that it waits. It does so when a server is silent for two seconds, as on a slow machine.
/// </param>
internal sealed record Run(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors, bool HasWaited)
{
    private const string Notice = "Waiting for ";

    /// <summary>Runs a verb with the address of a server.</summary>
    public static Task<Run> OfAsync(Uri server, params string[] arguments) =>
        OfAsync(new Dictionary<string, string> { ["UNIQUERANDOM_URL"] = server.AbsoluteUri }, arguments);

    public static async Task<Run> OfAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        var process = ServerProcess.LaunchExactly([], directory, environment, arguments);
        await using (process)
        {
            var exitCode = await process.ExitAsync();
            var errors = process.Errors.Where(line => !line.StartsWith(Notice, StringComparison.Ordinal)).ToList();
            var run = new Run(exitCode, process.Output, errors, errors.Count < process.Errors.Count);
            Assert.Empty(directory.Contents());
            return run;
        }
    }

    /// <summary>Verifies that the verb has done its work, and returns what it wrote.</summary>
    public IReadOnlyList<string> Done()
    {
        Assert.Equal((0, ""), (ExitCode, string.Join('\n', Errors)));
        return Output;
    }

    /// <summary>Verifies that the verb has failed and written one line, and returns the line.</summary>
    public string Failed(int exitCode)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Empty(Output);
        return Assert.Single(Errors);
    }
}
