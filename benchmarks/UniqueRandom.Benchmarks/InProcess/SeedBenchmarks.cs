using BenchmarkDotNet.Attributes;
using UniqueRandom.Benchmarks.Disk;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>Seeding a pool in a new file: shuffle and store.</summary>
[MemoryDiagnoser]
[Measured(warmups: 2, iterations: 15, invocations: 1)]
public class SeedBenchmarks
{
    private Workspace? workspace;
    private SqlitePoolStore? store;

    private static int Size => BenchmarkRun.IsSmoke ? 10_000 : 1_000_000;

    [IterationSetup]
    public void SetUp()
    {
        workspace = Workspace.Create();
        store = PreparedPool.OpenStoreAsync(workspace.PathOf("pool.db")).GetAwaiter().GetResult();
    }

    [Benchmark]
    public void Seed() => PreparedPool.SeedAsync(store!, Size).GetAwaiter().GetResult();

    [IterationCleanup]
    public void CleanUp()
    {
        store!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        workspace!.Dispose();
    }
}
