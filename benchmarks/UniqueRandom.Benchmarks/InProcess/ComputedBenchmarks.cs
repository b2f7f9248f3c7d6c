using BenchmarkDotNet.Attributes;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Fpe;
using Org.BouncyCastle.Crypto.Parameters;
using UniqueRandom.Permutations;

namespace UniqueRandom.Benchmarks.InProcess;

/// <summary>The computed order, a thousand numbers at a time, against FF1 of BouncyCastle, which walks in the same way.</summary>
[SimpleJob(warmupCount: 2, iterationCount: 10)]
public class ComputedBenchmarks
{
    private const int Count = 1000;

    private readonly Seed seed = Seed.Generate();
    private readonly long[] offsets = new long[Count];
    private ComputedPermutation order = null!;
    private FpeFf1Engine engine = null!;
    private long position;

    /// <summary>Gets or sets the size: a power of two doesn't walk, and one number more walks most.</summary>
    [Params(1L << 20, (1L << 20) + 1, 1L << 62, (1L << 62) + 1)]
    public long Size { get; set; }

    [GlobalSetup]
    public void Create()
    {
        order = new ComputedPermutation(seed, Size);
        engine = new FpeFf1Engine(new AesEngine());
        engine.Init(true, new FpeParameters(new KeyParameter(seed.Bytes), 2, []));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public long BouncyCastle()
    {
        var bits = 64 - (int)long.LeadingZeroCount(Size - 1);
        var digits = new byte[bits];
        var value = 0L;
        for (var i = 0; i < Count; i++)
        {
            value = Next() + i;
            do
            {
                for (var bit = 0; bit < bits; bit++)
                    digits[bits - 1 - bit] = (byte)(value >> bit & 1);
                engine.ProcessBlock(digits, 0, bits, digits, 0);
                value = digits.Aggregate(0L, (number, digit) => number << 1 | digit);
            }
            while (value >= Size);
        }

        return value;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long Computed()
    {
        order.CopyOffsets(Next(), offsets);
        return offsets[^1];
    }

    private long Next() => position = (position + Count) % (Size - Count);
}
