using BenchmarkDotNet.Attributes;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>
/// Callers that draw at the same time, each again as soon as it was answered: time and bytes allocated a draw. The callers themselves
/// are started anew at each call; at 256 of them that is about 5 of the bytes.
/// </summary>
[MemoryDiagnoser]
[Measured(warmups: 2, iterations: 8)]
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
