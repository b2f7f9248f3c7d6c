using BenchmarkDotNet.Attributes;
using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Benchmarks.Rivals;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>Durable draws one after the other. Not sealed because BenchmarkDotNet derives from it.</summary>
[MemoryDiagnoser]
[SimpleJob(warmupCount: 2, iterationCount: 10, invocationCount: 10)]
public class DrawBenchmarks
{
    private const int Draws = 100;

    private readonly List<long> handedOut = [];
    private Workspace? workspace;
    private GenerateAndTest? rival;
    private PoolUnderTest? pool;

    [Params(0, 50, 90, 99, 99.9)]
    public double PercentDrawn { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        // Enough for all iterations at 99.9 per cent; in the smoke run, for a single call.
        var size = BenchmarkRun.IsSmoke ? 200_000 : 20_000_000;
        workspace = Workspace.Create();
        rival = Rivals.GenerateAndTest.Open(workspace.PathOf("rival.db"), size, PercentDrawn);
        pool = new PoolUnderTest(size, PercentDrawn);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Draws)]
    public void GenerateAndTest()
    {
        for (var i = 0; i < Draws; i++)
            handedOut.Add(rival!.Draw() ?? throw new InvalidOperationException("generate-and-test has no number left."));
    }

    [Benchmark(OperationsPerInvoke = Draws)]
    public void Draw() => pool!.DrawAsync(Draws).GetAwaiter().GetResult();

    [IterationCleanup]
    public void ReturnNumbers()
    {
        rival!.Return(handedOut);
        handedOut.Clear();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        pool!.Dispose();
        rival!.Dispose();
        workspace!.Dispose();
    }
}
