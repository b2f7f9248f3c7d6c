using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using UniqueRandom.Permutations;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>The shuffle alone, against that of the base library, which can't be reproduced from a seed.</summary>
[MemoryDiagnoser]
[SimpleJob(warmupCount: 2, iterationCount: 10)]
public class ShuffleBenchmarks
{
    private readonly Seed seed = Seed.Generate();
    private readonly uint[] numbers = new uint[Size];

    private static int Size => BenchmarkRun.IsSmoke ? 10_000 : 1_000_000;

    [Benchmark(Baseline = true)]
    public void BaseLibrary() => RandomNumberGenerator.Shuffle(numbers.AsSpan());

    [Benchmark]
    public uint Permutation()
    {
        using var permutation = Permutations.Permutation.Shuffle(seed, Size);
        return permutation.Offsets[0];
    }
}
