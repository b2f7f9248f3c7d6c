using CsCheck;
using UniqueRandom.Permutations;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Permutations;

public sealed class PermutationTests
{
    [Fact]
    public void Every_offset_occurs_exactly_once_for_any_seed_and_size() =>
        Gen.Select(Gen.Int[1, 20_000], Gen.Int[0, int.MaxValue]).Sample((size, seed) =>
        {
            using var permutation = Permutation.Shuffle(Seeds.Number(seed), size);
            var seen = new bool[size];
            foreach (var offset in permutation.Offsets)
                seen[offset] = true;
            return permutation.Offsets.Length == size && Array.TrueForAll(seen, once => once);
        });

    [Fact]
    public void The_same_seed_gives_the_same_order_and_a_different_seed_a_different_order()
    {
        using var one = Permutation.Shuffle(Seeds.Number(1), 1000);
        using var same = Permutation.Shuffle(Seeds.Number(1), 1000);
        using var other = Permutation.Shuffle(Seeds.Number(2), 1000);
        Assert.Equal(one.Offsets, same.Offsets);
        Assert.NotEqual(one.Offsets.ToArray(), other.Offsets.ToArray());
    }

    [Fact]
    public void Fixed_points_have_a_Poisson_distribution_of_mean_1()
    {
        const int permutations = 4000;
        var counts = Sample(permutations, 500, offsets => Enumerable.Range(0, offsets.Length).Count(i => offsets[i] == i));
        AssertNear(1, counts.Average(), 1 / Math.Sqrt(permutations));
        // A fraction of e^-1 of all permutations has no fixed point.
        AssertNear(
            Math.Exp(-1), counts.Count(count => count == 0) / (double)permutations,
            Math.Sqrt(Math.Exp(-1) * (1 - Math.Exp(-1)) / permutations));
    }

    [Fact]
    public void Ascents_have_the_expected_mean_and_variance()
    {
        const int permutations = 4000;
        const int size = 500;
        var counts = Sample(permutations, size, offsets => Enumerable.Range(1, size - 1).Count(i => offsets[i - 1] < offsets[i]));
        var variance = (size + 1) / 12.0;
        AssertNear((size - 1) / 2.0, counts.Average(), Math.Sqrt(variance / permutations));
        AssertNear(
            variance, counts.Average(count => Math.Pow(count - (size - 1) / 2.0, 2)), variance * Math.Sqrt(2.0 / permutations));
    }

    [Fact]
    public void The_mean_number_of_cycles_is_the_harmonic_number()
    {
        const int permutations = 4000;
        const int size = 1000;
        var counts = Sample(permutations, size, CountCycles);
        var harmonic = Enumerable.Range(1, size).Sum(k => 1.0 / k);
        var variance = harmonic - Enumerable.Range(1, size).Sum(k => 1.0 / k / k);
        AssertNear(harmonic, counts.Average(), Math.Sqrt(variance / permutations));
    }

    [Fact]
    public void All_120_orders_of_5_are_equally_frequent()
    {
        const int expected = 500;
        var orders = new Dictionary<string, int>();
        for (var n = 0; n < 120 * expected; n++)
        {
            using var permutation = Permutation.Shuffle(Seeds.Number(n), 5);
            var order = string.Join(',', permutation.Offsets.ToArray());
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(120, orders.Count);
        var chiSquare = orders.Values.Sum(count => Math.Pow(count - expected, 2) / expected);
        // 119 degrees of freedom: 99.99 % of fair shuffles lie between these.
        Assert.InRange(chiSquare, 69, 184);
    }

    [Fact]
    public void A_size_below_1_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Permutation.Shuffle(Seeds.Zero, 0));

    [Fact]
    public void A_size_that_exceeds_the_free_memory_is_refused_before_the_allocation()
    {
        var all = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var error = Assert.Throws<InsufficientMemoryException>(() => FreeMemory.Require(all, "Shuffling very many numbers"));
        Assert.Contains("use a smaller range", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offsets_cannot_be_read_after_disposal()
    {
        var permutation = Permutation.Shuffle(Seeds.Zero, 10);
        permutation.Dispose();
        permutation.Dispose();
        Assert.Throws<ObjectDisposedException>(() => permutation.Offsets.Length);
    }

    private static List<int> Sample(int permutations, int size, Func<uint[], int> statistic)
    {
        var sample = new List<int>(permutations);
        for (var n = 0; n < permutations; n++)
        {
            using var permutation = Permutation.Shuffle(Seeds.Number(n), size);
            sample.Add(statistic(permutation.Offsets.ToArray()));
        }

        return sample;
    }

    private static int CountCycles(uint[] offsets)
    {
        var visited = new bool[offsets.Length];
        var cycles = 0;
        for (var start = 0; start < offsets.Length; start++)
        {
            if (visited[start])
                continue;
            cycles++;
            for (var i = start; !visited[i]; i = (int)offsets[i])
                visited[i] = true;
        }

        return cycles;
    }

    /// <summary>Allows four standard errors, which one fair sample in 16,000 exceeds. The samples are fixed.</summary>
    private static void AssertNear(double expected, double actual, double standardError) =>
        Assert.InRange(actual, expected - 4 * standardError, expected + 4 * standardError);
}
