using System.Security.Cryptography;
using System.Text;
using CsCheck;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Pools;

public sealed class ImportedListTests
{
    [Fact]
    public void The_hash_is_that_of_the_sorted_lines() =>
        Gen.Select(Gen.Int[-2000, 2000], Gen.Int[0, 9999].Array[1, 9000]).Sample((minimum, offsets) =>
        {
            var range = new PoolRange(minimum, minimum + 9999);
            var lines = string.Concat(offsets.Distinct().Order().Select(offset => $"{minimum + offset}\n"));
            var list = SampleLog.ListOf(range, [.. offsets.Select(offset => (long)minimum + offset)]);
            Assert.Equal(offsets.Distinct().Count(), list.Count);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines))), list.Sha256);
        });

    /// <summary>Computed by an independent program: <c>printf '3\n7\n10\n' | sha256sum</c>.</summary>
    [Fact]
    public void Lists_and_commitments_match_the_published_values()
    {
        var list = SampleLog.ListOf(new PoolRange(1, 10), [7, 10, 3]);
        Assert.Equal((3, "36e4d9337f7eb75661e45450f0a9b4eca1fa81fee0acd559a3c37f2d7d5ff341"), (list.Count, list.Sha256));
        Assert.Equal(
            "afb61e5ad9665a12bcec997b1febba3ccd7c6b676764045612475c9ecf2dc34e",
            Commitment.To(Seeds.Zero, new PoolRange(1, 10), PoolOrder.Stored, list).ToString());
    }

    [Fact]
    public void The_limits_of_Int64_have_lines()
    {
        var range = new PoolRange(long.MinValue, long.MinValue + 99);
        var hash = SHA256.HashData("-9223372036854775808\n-9223372036854775709\n"u8);
        Assert.Equal(Convert.ToHexStringLower(hash), SampleLog.ListOf(range, [range.Maximum, range.Minimum]).Sha256);
    }

    [Fact]
    public void Only_a_possible_list_is_valid()
    {
        var range = new PoolRange(1, 10);
        var list = SampleLog.ListOf(range, [1]);
        Assert.True(list.IsValidFor(range));
        Assert.True((list with { Count = 10 }).IsValidFor(range));
        Assert.False((list with { Count = 11 }).IsValidFor(range));
        Assert.False((list with { Count = 0 }).IsValidFor(range));
        Assert.False((list with { Sha256 = list.Sha256[1..] }).IsValidFor(range));
        Assert.False((list with { Sha256 = list.Sha256.ToUpperInvariant() }).IsValidFor(range));
    }
}
