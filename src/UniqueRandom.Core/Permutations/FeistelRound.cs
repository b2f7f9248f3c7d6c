using System.Buffers.Binary;
using System.Security.Cryptography;

namespace UniqueRandom.Permutations;

/// <summary>
/// What a round of FF1 over radix 2 with an empty tweak has in common for all values. Its pseudorandom function is the CBC-MAC of
/// two blocks, P and Q. P is fixed, so it is encrypted once; Q is the number of the round and one half of the value.
/// </summary>
/// <param name="Upper">The first half of the second block, big-endian.</param>
/// <param name="Lower">The second half, before the half of the value is added to it by exclusive or.</param>
/// <param name="Mask">Keeps as many bits as the half has that the round changes.</param>
internal readonly record struct FeistelRound(ulong Upper, ulong Lower, ulong Mask)
{
    private const int Count = 10;

    /// <summary>Creates the rounds of a permutation.</summary>
    /// <param name="bits">The length of the values, 20 to 63.</param>
    /// <param name="aes">The cipher with its key.</param>
    public static FeistelRound[] Create(int bits, Aes aes)
    {
        var (leftBits, rightBits) = (bits / 2, bits - bits / 2);
        // SP 800-38G, algorithm 7, step 5: version, method, addition, radix, rounds, length of the left half, length, tweak.
        byte[] first = [1, 2, 1, 0, 0, 2, Count, (byte)leftBits, 0, 0, 0, (byte)bits, 0, 0, 0, 0];
        var mac = aes.EncryptEcb(first, PaddingMode.None);
        var (upper, lower) = (BinaryPrimitives.ReadUInt64BigEndian(mac), BinaryPrimitives.ReadUInt64BigEndian(mac.AsSpan(8)));
        // The number of the round is followed by as many bytes as the right half needs.
        var shift = (rightBits + 7) / 8 * 8;
        return
        [
            .. Enumerable.Range(0, Count).Select(round => new FeistelRound(
                upper, lower ^ (ulong)round << shift, (1UL << (round % 2 == 0 ? leftBits : rightBits)) - 1)),
        ];
    }
}
