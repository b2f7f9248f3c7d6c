using System.Numerics;
using System.Security.Cryptography;

namespace UniqueRandom.Core.Tests.Permutations;

/// <summary>FF1 as SP 800-38G writes it, for any radix and tweak, without a thought to speed.</summary>
internal static class PlainFf1
{
    public static int[] Encrypt(byte[] key, int radix, byte[] tweak, int[] digits)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var n = digits.Length;
        var (u, v) = (n / 2, n - n / 2);
        var (a, b) = (digits[..u], digits[u..]);
        var bytes = (BitsOf(BigInteger.Pow(radix, v) - 1) + 7) / 8;
        var d = 4 * ((bytes + 3) / 4) + 4;
        byte[] p =
        [
            1, 2, 1, .. BigEndian(radix, 3), 10, (byte)u, .. BigEndian(n, 4), .. BigEndian(tweak.Length, 4),
        ];
        for (var i = 0; i < 10; i++)
        {
            var zeros = ((-tweak.Length - bytes - 1) % 16 + 16) % 16;
            byte[] q = [.. tweak, .. new byte[zeros], (byte)i, .. BigEndian(NumberOf(b, radix), bytes)];
            var r = Mac(aes, [.. p, .. q]);
            var s = new List<byte>(r);
            for (var j = 1; s.Count < d; j++)
                s.AddRange(aes.EncryptEcb([.. r.Zip(BigEndian(j, 16), (x, y) => (byte)(x ^ y))], PaddingMode.None));
            var m = i % 2 == 0 ? u : v;
            var y = new BigInteger(s.Take(d).ToArray(), isUnsigned: true, isBigEndian: true);
            var c = (NumberOf(a, radix) + y) % BigInteger.Pow(radix, m);
            (a, b) = (b, DigitsOf(c, radix, m));
        }

        return [.. a, .. b];
    }

    private static byte[] Mac(Aes aes, byte[] text)
    {
        var block = new byte[16];
        foreach (var part in text.Chunk(16))
            block = aes.EncryptEcb([.. block.Zip(part, (x, y) => (byte)(x ^ y))], PaddingMode.None);
        return block;
    }

    public static BigInteger NumberOf(int[] digits, int radix) =>
        digits.Aggregate(BigInteger.Zero, (number, digit) => number * radix + digit);

    public static int[] DigitsOf(BigInteger number, int radix, int length)
    {
        var digits = new int[length];
        for (var i = length - 1; i >= 0; i--, number /= radix)
            digits[i] = (int)(number % radix);
        return digits;
    }

    private static int BitsOf(BigInteger number) => (int)number.GetBitLength();

    private static byte[] BigEndian(BigInteger number, int length)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes = bytes is [0] ? [] : bytes;
        return [.. new byte[length - bytes.Length], .. bytes];
    }
}
