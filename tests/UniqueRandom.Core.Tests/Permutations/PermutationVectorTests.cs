using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CliWrap;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Permutations;

/// <summary>The test vectors in DESIGN.md, computed by an independent program with the openssl command.</summary>
public sealed class PermutationVectorTests
{
    [Fact]
    public void Ten_numbers_with_the_zero_seed_have_the_published_order()
    {
        using var permutation = Permutation.Shuffle(Seeds.Zero, 10, TestContext.Current.CancellationToken);
        Assert.Equal([2u, 7, 1, 8, 6, 5, 3, 0, 9, 4], permutation.Offsets.ToArray());
    }

    [Fact]
    public void A_million_numbers_with_the_counting_seed_have_the_published_order()
    {
        using var permutation = Permutation.Shuffle(Seeds.Counting, 1_000_000, TestContext.Current.CancellationToken);
        Assert.Equal([532551u, 50072, 848588, 135357, 226222, 275324, 787253, 823315], permutation.Offsets[..8].ToArray());
        Assert.Equal(
            "aafabf0ac4e43d78fdb9b385a2a596b3c1e7d8fccc71917d60216337bb1606b4",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(permutation.Offsets))));
    }

    [Fact]
    public void Commitments_match_the_published_values()
    {
        Assert.Equal(
            "b94a7ee0e4e184cdf2c35d29cc9da06cb1872cc52f57c260b4cb9a5f8cdbf01b",
            Commitment.To(Seeds.Zero, new PoolRange(1, 10)).ToString());
        Assert.Equal(
            "e3c396011f2a965373911217df0d6f839c470e7cf7f411b75b70ceb753e94166",
            Commitment.To(Seeds.Counting, new PoolRange(1, 1_000_000)).ToString());
        Assert.Equal(
            "18f12fbdf400e668e145d9734811fba1f29f1a5f98992ecdd1b6ce0f2f2259ad",
            Commitment.To(Seeds.Counting, new PoolRange(-5, 4)).ToString());
    }

    [Fact]
    public void Computed_orders_match_the_published_values()
    {
        Assert.Equal([696746, 87463, 133762, 802157], FirstNumbers(Seeds.Zero, new PoolRange(1, 1_000_000)));
        Assert.Equal([612524, 855793, 931292, 352067], FirstNumbers(Seeds.Counting, new PoolRange(1, 1_000_000)));
        Assert.Equal(
            [8644528584386371073, 5176940450318186190, 2575032022579230586, 8031847066898549936],
            FirstNumbers(Seeds.Counting, new PoolRange(0, long.MaxValue - 1)));
        Assert.Equal(
            "e94696fa438c797d0433ebfc91b93a4d7cfe60edfed33ab2b1f9c4eb81efb217",
            Commitment.To(Seeds.Zero, new PoolRange(1, 1_000_000), PoolOrder.Computed).ToString());
        Assert.Equal(
            "d1edcd64e6d4c9ce5ed65dc2f8c2fa16329c1cff85af71b7e71944bfc8d39b14",
            Commitment.To(Seeds.Counting, new PoolRange(0, long.MaxValue - 1), PoolOrder.Computed).ToString());

        static long[] FirstNumbers(Seed seed, PoolRange range)
        {
            var numbers = new long[4];
            new ComputedNumbers(range, seed).CopyNumbers(0, numbers);
            return numbers;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(129)]
    [InlineData(8193)]
    [InlineData(300_000)]
    public async Task The_order_matches_a_plain_implementation_with_openssl(int size)
    {
        var seed = Seeds.Number(size);
        var words = await OpenSslKeystreamAsync(seed, 2 * size + 64);

        // A plain Fisher–Yates shuffle: no multiply-shift trick, no lookahead, one word at a time.
        var expected = Enumerable.Range(0, size).Select(value => (uint)value).ToArray();
        var next = 0;
        for (var i = size - 1; i > 0; i--)
        {
            UInt128 product;
            do
                product = (UInt128)words[next++] * (uint)(i + 1);
            while (product % (1UL << 32) < (1UL << 32) % (uint)(i + 1));
            var j = (int)(product / (1UL << 32));
            (expected[i], expected[j]) = (expected[j], expected[i]);
        }

        using var permutation = Permutation.Shuffle(seed, size, TestContext.Current.CancellationToken);
        Assert.Equal(expected, permutation.Offsets.ToArray());
    }

    private static async Task<uint[]> OpenSslKeystreamAsync(Seed seed, int count)
    {
        using var keystream = new MemoryStream();
        try
        {
            await Cli.Wrap("openssl")
                .WithArguments(["enc", "-aes-256-ctr", "-K", Convert.ToHexString(seed.Bytes), "-iv", new string('0', 32)])
                .WithStandardInputPipe(PipeSource.FromBytes(new byte[count * sizeof(uint)]))
                .WithStandardOutputPipe(PipeTarget.ToStream(keystream))
                .ExecuteAsync(TestContext.Current.CancellationToken);
        }
        catch (Win32Exception)
        {
            Assert.Skip("The openssl command is not installed (apt-get install openssl).");
        }

        return MemoryMarshal.Cast<byte, uint>(keystream.ToArray()).ToArray();
    }
}
