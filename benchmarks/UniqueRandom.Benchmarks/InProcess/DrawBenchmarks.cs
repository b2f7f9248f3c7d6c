using BenchmarkDotNet.Attributes;
using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Benchmarks.Rivals;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>One draw after the other, durable, from an empty to a nearly full pool. Public and not sealed, as BenchmarkDotNet derives from it.</summary>
[MemoryDiagnoser]
[Measured(warmups: 2, iterations: 10, invocations: 10)]
public class DrawBenchmarks
{
    private const int Draws = 100;

    private readonly List<long> handedOut = [];
    private Workspace? workspace;
    private GenerateAndTest? rival;
    private PoolUnderTest? pool;

    [Params(0, 50, 90, 99, 99.9)]
    public double PercentDrawn { get; set; }

    /// <summary>Enough that the pool lasts for all iterations at 99.9 per cent; in the smoke run for a single call.</summary>
    private static int Size => BenchmarkRun.IsSmoke ? 200_000 : 20_000_000;

    [GlobalSetup(Target = nameof(GenerateAndTest))]
    public void SetUpRival()
    {
        workspace = Workspace.Create();
        rival = Rivals.GenerateAndTest.Open(workspace.PathOf("rival.db"), Size, PercentDrawn);
        handedOut.EnsureCapacity(100 * Draws);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Draws)]
    public void GenerateAndTest()
    {
        for (var i = 0; i < Draws; i++)
            handedOut.Add(rival!.Draw() ?? throw new InvalidOperationException("The rival has no number left."));
    }

    [IterationCleanup(Target = nameof(GenerateAndTest))]
    public void TakeBack()
    {
        rival!.TakeBack(handedOut);
        handedOut.Clear();
    }

    [GlobalCleanup(Target = nameof(GenerateAndTest))]
    public void CleanUpRival()
    {
        rival!.Dispose();
        workspace!.Dispose();
    }

    [GlobalSetup(Target = nameof(Draw))]
    public void SetUpPool() => pool = new PoolUnderTest(Size, PercentDrawn);

    [Benchmark(OperationsPerInvoke = Draws)]
    public void Draw() => pool!.DrawAsync(Draws).GetAwaiter().GetResult();

    [GlobalCleanup(Target = nameof(Draw))]
    public void CleanUpPool() => pool!.Dispose();
}
