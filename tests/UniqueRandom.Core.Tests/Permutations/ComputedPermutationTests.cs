using CsCheck;
using UniqueRandom.Permutations;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Permutations;

/// <summary>The computed order is FF1, and it is a permutation.</summary>
public sealed class ComputedPermutationTests
{
    private static readonly Gen<long> Sizes = Gen.Select(
        Gen.Int[20, 62], Gen.Long, (bits, value) => Math.Max(ComputedPermutation.MinimumSize, value & ((2L << bits) - 1)));

    public static TheoryData<int> Lengths => [.. Enumerable.Range(20, 44)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_power_of_two_is_FF1_as_others_compute_it(int bits)
    {
        var size = bits == 63 ? long.MaxValue : 1L << bits;
        var order = new ComputedPermutation(Seeds.Number(bits), size);
        var random = new Random(bits);
        for (var i = 0; i < 20; i++)
        {
            var position = i < 2 ? i * (size - 1) : random.NextInt64(size);
            var (seed, digits) = (Seeds.Number(bits).Bytes.ToArray(), PlainFf1.DigitsOf(position, 2, bits));
            var expected = PlainFf1.Encrypt(seed, 2, [], digits);
            Assert.Equal(expected, PlainFf1Tests.BouncyCastle(seed, 2, [], digits));
            if (PlainFf1.NumberOf(expected, 2) < size)
                Assert.Equal((long)PlainFf1.NumberOf(expected, 2), OffsetAt(order, position));
        }
    }

    [Theory]
    [InlineData(ComputedPermutation.MinimumSize)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    public void Each_offset_has_one_position(int size)
    {
        var order = new ComputedPermutation(Seeds.Counting, size);
        var offsets = new long[size];
        order.CopyOffsets(0, offsets);
        Assert.Equal(Enumerable.Range(0, size).Select(value => (long)value), offsets.Order());
        foreach (var position in new[] { 0, 1, 511, 512, 513, size - 1 })
            Assert.Equal(position, order.PositionOf(offsets[position]));
    }

    [Fact]
    public void Positions_and_offsets_lead_to_each_other()
    {
        Gen.Select(Sizes, Gen.Int[1, 1500], Gen.Int).Sample(
            (size, count, number) =>
            {
                var order = new ComputedPermutation(Seeds.Number(number), size);
                var first = new Random(number).NextInt64(size - count);
                var offsets = new long[count];
                order.CopyOffsets(first, offsets);
                Assert.All(offsets, offset => Assert.InRange(offset, 0, size - 1));
                Assert.Equal(count, offsets.Distinct().Count());
                for (var i = 0; i < count; i += 97)
                {
                    Assert.Equal(first + i, order.PositionOf(offsets[i]));
                    Assert.Equal(offsets[i], OffsetAt(order, first + i));
                }
            },
            iter: 300);
    }

    [Fact]
    public void Another_seed_gives_another_order()
    {
        ComputedPermutation one = new(Seeds.Number(1), 1 << 30), other = new(Seeds.Number(2), 1 << 30);
        Assert.NotEqual(OffsetAt(one, 0), OffsetAt(other, 0));
    }

    /// <summary>Cells of positions and offsets, as chi-square counts them.</summary>
    [Fact]
    public void Offsets_do_not_depend_on_their_positions()
    {
        const int cells = 32;
        var (size, counts) = ((1L << 40) + 1, new int[cells * cells]);
        var order = new ComputedPermutation(Seeds.Counting, size);
        var offsets = new long[1000];
        for (var cell = 0; cell < cells; cell++)
        {
            for (var part = 0; part < 100; part++)
            {
                order.CopyOffsets(size / cells * cell + part * 1000, offsets);
                foreach (var offset in offsets)
                    counts[cell * cells + (int)((Int128)offset * cells / size)]++;
            }
        }

        const double expected = 100_000.0 / cells;
        var square = counts.Sum(count => (count - expected) * (count - expected) / expected);
        // 31 × 31 degrees of freedom: four standard deviations around the mean.
        Assert.InRange(square, 961 - 4 * Math.Sqrt(2 * 961), 961 + 4 * Math.Sqrt(2 * 961));
    }

    [Fact]
    public async Task Threads_can_share_an_order()
    {
        var order = new ComputedPermutation(Seeds.Counting, long.MaxValue);
        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, (position, _) =>
        {
            Assert.Equal(position, order.PositionOf(OffsetAt(order, position)));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComputedPermutation(Seeds.Zero, 999_999));
        var order = new ComputedPermutation(Seeds.Zero, 1_000_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => order.CopyOffsets(-1, new long[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => order.CopyOffsets(999_999, new long[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => order.PositionOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => order.PositionOf(1_000_000));
    }

    private static long OffsetAt(ComputedPermutation order, long position)
    {
        var offset = new long[1];
        order.CopyOffsets(position, offset);
        return offset[0];
    }
}
