using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>Runs the classes of this folder.</summary>
internal static class BenchmarkRun
{
    /// <summary>Whether it is enough that everything runs: once, and with little in it.</summary>
    public static bool IsSmoke { get; private set; }

    public static int Switch(string[] args) => Judge(BenchmarkSwitcher.FromAssembly(typeof(BenchmarkRun).Assembly).Run(args));

    public static int Smoke()
    {
        IsSmoke = true;
        var artifacts = Directory.CreateTempSubdirectory("benchmark-");
        try
        {
            var config = DefaultConfig.Instance
                .WithArtifactsPath(artifacts.FullName)
                .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.JoinSummary);
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkRun).Assembly).Run(["--filter", "*"], config).ToList();
            return summaries.Count == 0 ? 1 : Judge(summaries);
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    private static int Judge(IEnumerable<BenchmarkDotNet.Reports.Summary> summaries)
    {
        var failed = 0;
        foreach (var summary in summaries)
        {
            failed += summary.ValidationErrors.Count(error => error.IsCritical);
            failed += summary.BenchmarksCases.Count(benchmark => summary[benchmark] is not { Success: true, ResultStatistics: not null });
        }

        if (failed > 0)
            Console.Error.WriteLine($"{failed} benchmarks failed.");
        return failed == 0 ? 0 : 1;
    }
}
