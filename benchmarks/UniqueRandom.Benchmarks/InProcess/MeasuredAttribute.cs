using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>How a class is measured; once and in this process when all that is asked is whether it runs.</summary>
/// <param name="warmups">Iterations that do not count.</param>
/// <param name="iterations">Iterations that count.</param>
/// <param name="invocations">Calls in an iteration; 0 lets BenchmarkDotNet choose.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class MeasuredAttribute(int warmups, int iterations, int invocations = 0) : Attribute, IConfigSource
{
    public IConfig Config => ManualConfig.CreateEmpty().AddJob(
        BenchmarkRun.IsSmoke ? Job.Dry.WithToolchain(InProcessEmitToolchain.Instance) : Describe());

    private Job Describe()
    {
        var job = Job.Default.WithWarmupCount(warmups).WithIterationCount(iterations);
        return invocations == 0 ? job : job.WithInvocationCount(invocations).WithUnrollFactor(1);
    }
}
