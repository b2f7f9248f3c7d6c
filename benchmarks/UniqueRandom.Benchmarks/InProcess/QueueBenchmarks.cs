using BenchmarkDotNet.Attributes;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>
/// Concurrent callers, each of which draws again as soon as it has a number. The start of the callers is included: about 5 bytes
/// a draw at 256 callers.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(warmupCount: 2, iterationCount: 8)]
public class QueueBenchmarks
{
    private const int Draws = 16_384;

    private PoolUnderTest? pool;

    [Params(1, 8, 64, 256)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void SetUp() => pool = new PoolUnderTest(BenchmarkRun.IsSmoke ? 100_000 : 100_000_000, percentDrawn: 0);

    [Benchmark(OperationsPerInvoke = Draws)]
    public void Draw()
    {
        var callers = new Task[Callers];
        for (var i = 0; i < callers.Length; i++)
            callers[i] = Task.Run(() => pool!.DrawAsync(Draws / Callers));
        Task.WaitAll(callers);
    }

    [GlobalCleanup]
    public void CleanUp() => pool!.Dispose();
}
