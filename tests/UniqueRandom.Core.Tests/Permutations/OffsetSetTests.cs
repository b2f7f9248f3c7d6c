using CsCheck;
using UniqueRandom.Permutations;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Permutations;

public sealed class OffsetSetTests
{
    /// <summary>A size, and offsets below it, in any order and with duplicates.</summary>
    private static readonly Gen<(int Size, int[] Offsets)> Sets =
        from size in Gen.Int[1, 5000]
        from offsets in Gen.Int[0, size - 1].Array[0, 2 * size]
        select (size, offsets);

    [Fact]
    public void A_set_has_each_added_offset_once_and_in_ascending_order() => Sets.Sample((size, offsets) =>
    {
        using var set = new OffsetSet(size);
        var known = new SortedSet<int>();
        foreach (var offset in offsets)
            Assert.Equal(known.Add(offset), set.Add(offset));
        Assert.Equal(known.Count, set.Count);

        var read = new List<uint>();
        var (next, count) = (0L, 7);
        for (var part = new uint[7]; count == 7; read.AddRange(part[..count]))
            count = set.Copy(ref next, part);
        Assert.Equal(known.Select(offset => (uint)offset), read);
    });

    [Fact]
    public void The_offsets_of_a_set_come_first_and_the_others_are_shuffled_behind_them() =>
        Gen.Select(Sets, Gen.Int[0, int.MaxValue]).Sample((sample, seed) =>
        {
            var (size, offsets) = sample;
            var first = offsets.Distinct().Order().Select(offset => (uint)offset).ToArray();
            var others = Enumerable.Range(0, size).Select(offset => (uint)offset).Except(first).ToArray();
            using var set = new OffsetSet(size);
            foreach (var offset in offsets)
                set.Add(offset);
            using var permutation = Permutation.Shuffle(Seeds.Number(seed), size, set, between: null, CancellationToken.None);
            Assert.Equal(first, permutation.Offsets[..first.Length]);
            if (others.Length == 0)
                return;
            using var order = Permutation.Shuffle(Seeds.Number(seed), others.Length);
            var expected = order.Offsets.ToArray().Select(place => others[place]);
            Assert.Equal(expected, permutation.Offsets[first.Length..].ToArray());
        });

    [Fact]
    public void Offsets_out_of_range_are_refused()
    {
        using var set = new OffsetSet(100);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(100));
        Assert.Equal(0, set.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OffsetSet(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OffsetSet(Permutation.MaximumSize + 1L));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Permutation.Shuffle(Seeds.Zero, 99, set, between: null, CancellationToken.None));
    }

    [Fact]
    public void A_set_cannot_be_used_after_disposal()
    {
        var set = new OffsetSet(10);
        set.Dispose();
        set.Dispose();
        Assert.Throws<ObjectDisposedException>(() => set.Add(1));
    }
}
