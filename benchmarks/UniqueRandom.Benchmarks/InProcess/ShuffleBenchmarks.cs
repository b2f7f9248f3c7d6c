using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using UniqueRandom.Permutations;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>The shuffle alone, against the one of the base library, which nobody could compute again from a seed.</summary>
[MemoryDiagnoser]
[Measured(warmups: 2, iterations: 10)]
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
