using CliWrap;
using CliWrap.Buffered;

namespace UniqueRandom.Server.Tests.Telemetry;

/// <summary>The checks that come with Prometheus.</summary>
internal static class Promtool
{
    private const string Program = "/usr/bin/promtool";

    /// <summary>Runs a check. Skips the test where promtool is not installed.</summary>
    public static async Task<BufferedCommandResult> RunAsync(string[] arguments, string input = "")
    {
        Assert.SkipUnless(File.Exists(Program), "promtool is not installed (apt-get install prometheus).");
        return await Cli.Wrap(Program).WithArguments(arguments)
            .WithStandardInputPipe(PipeSource.FromString(input))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
    }
}
