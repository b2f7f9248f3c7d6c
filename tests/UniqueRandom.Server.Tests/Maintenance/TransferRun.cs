using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Maintenance;

/// <summary>Runs the verb in the directory of a test.</summary>
internal static class TransferRun
{
    public static ServerProcess Launch(TemporaryDirectory directory, params string[] arguments) =>
        Launch(directory, [], arguments);

    public static ServerProcess Launch(
        TemporaryDirectory directory, Dictionary<string, string> environment, params string[] arguments) =>
        ServerProcess.LaunchExactly([], directory, environment, ["transfer", .. arguments]);

    /// <summary>Runs the verb to its end, and returns the line that it wrote.</summary>
    public static async Task<string> DoneAsync(
        TemporaryDirectory directory, Dictionary<string, string> environment, params string[] arguments)
    {
        await using var run = Launch(directory, environment, arguments);
        Assert.Equal((0, ""), (await run.ExitAsync(), string.Join('\n', run.Errors)));
        return Assert.Single(run.Output);
    }

    /// <summary>Runs the verb, verifies that it has failed with one line, and returns the line.</summary>
    public static async Task<string> FailedAsync(TemporaryDirectory directory, params string[] arguments)
    {
        await using var run = Launch(directory, arguments);
        Assert.Equal((2, 0), (await run.ExitAsync(), run.Output.Count));
        return Assert.Single(run.Errors);
    }
}
