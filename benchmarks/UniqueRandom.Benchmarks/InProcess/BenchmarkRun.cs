using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>Runs the benchmarks of this folder.</summary>
internal static class BenchmarkRun
{
    /// <summary>Whether each benchmark runs once only, with little data.</summary>
    public static bool IsSmoke { get; private set; }

    public static int Run(string[] args, IConfig? config = null)
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkRun).Assembly).Run(args, config).ToList();
        var failed = summaries.Sum(CountFailures);
        if (failed > 0)
            Console.Error.WriteLine($"{failed} benchmarks failed.");
        return failed == 0 && (summaries.Count > 0 || !IsSmoke) ? 0 : 1;
    }

    public static int RunSmoke()
    {
        IsSmoke = true;
        var artifacts = Directory.CreateTempSubdirectory("benchmark-");
        try
        {
            // A mutator changes the jobs of the benchmarks and does not add one.
            var once = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.ColdStart)
                .WithWarmupCount(0).WithIterationCount(1).WithInvocationCount(1).WithUnrollFactor(1).AsMutator();
            return Run(["--filter", "*"], DefaultConfig.Instance
                .AddJob(once)
                .WithArtifactsPath(artifacts.FullName)
                .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.JoinSummary));
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    private static int CountFailures(Summary summary) =>
        summary.ValidationErrors.Count(error => error.IsCritical)
        + summary.BenchmarksCases.Count(benchmark => summary[benchmark] is not { Success: true, ResultStatistics: not null });
}
