using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Terminal;

/// <summary>A run of the program at a terminal, to its end.</summary>
internal sealed record Run(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>Runs a verb with the address of a server.</summary>
    public static Task<Run> OfAsync(Uri server, params string[] arguments) =>
        OfAsync(new Dictionary<string, string> { ["UNIQUERANDOM_URL"] = server.AbsoluteUri }, arguments);

    public static async Task<Run> OfAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        var process = ServerProcess.LaunchExactly([], directory, environment, arguments);
        await using (process)
        {
            var run = new Run(await process.ExitAsync(), process.Output, process.Errors);
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
