using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Failover.Tests.Model;

/// <summary>A search of all states of the model for one that violates an assertion.</summary>
internal sealed partial record ModelSearch(string Report)
{
    public int Errors => Number(ErrorCount());

    public int States => Number(StateCount());

    /// <summary>Searches depth first, which needs the least memory, to the end or the first error.</summary>
    public static Task<ModelSearch> OfModelAsync(string without = "0") => RunAsync(without, "-O1");

    /// <summary>Searches breadth first, which finds the shortest way to an error: so soon that optimizing takes longer.</summary>
    public static Task<ModelSearch> ForErrorAsync(string without) => RunAsync(without, "-O0", "-DBFS");

    private static async Task<ModelSearch> RunAsync(string without, params string[] compilerArguments)
    {
        Assert.SkipUnless(IsInstalled("spin") && IsInstalled("gcc"), "spin or gcc is not installed (apt-get install spin gcc).");
        using var directory = new TemporaryDirectory();
        var model = Path.Combine(Source(), "commit.pml");
        await RunAsync(directory, "spin", $"-DWITHOUT={without}", "-a", model);
        // A search that needs more than 1500 MB ends, and says so.
        var search = directory.File("search");
        await RunAsync(directory, "gcc", ["-DSAFETY", "-DMEMLIM=1500", .. compilerArguments, "-o", search, "pan.c"]);
        return new(await RunAsync(directory, search, "-m100000", "-w25", "-n"));
    }

    private static async Task<string> RunAsync(TemporaryDirectory directory, string program, params string[] arguments)
    {
        var result = await Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(directory.Path)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return result.StandardOutput;
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));

    private static string Source([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private int Number(Regex pattern) => int.Parse(pattern.Match(Report).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"errors: (\d+)")]
    private static partial Regex ErrorCount();

    [GeneratedRegex(@"(\d+) states, stored")]
    private static partial Regex StateCount();
}
