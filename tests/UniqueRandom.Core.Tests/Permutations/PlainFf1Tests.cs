using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Fpe;
using Org.BouncyCastle.Crypto.Parameters;

namespace UniqueRandom.Core.Tests.Permutations;

/// <summary>
/// NIST's published samples of FF1 have the radices 10 and 36. They show that the plain implementation is FF1, and it shows that
/// the computed order is.
/// </summary>
public sealed class PlainFf1Tests
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Key128 = "2B7E151628AED2A6ABF7158809CF4F3C";
    private const string Key192 = Key128 + "EF4359D8D580AA4F";
    private const string Key256 = Key192 + "7F036D6F04FC6A94";
    private const string Tweak10 = "39383736353433323130";
    private const string Tweak36 = "3737373770717273373737";

    /// <summary>NIST's samples 1 to 9, "FF1 Method for Format-Preserving Encryption".</summary>
    [Theory]
    [InlineData(Key128, 10, "", "0123456789", "2433477484")]
    [InlineData(Key128, 10, Tweak10, "0123456789", "6124200773")]
    [InlineData(Key128, 36, Tweak36, "0123456789abcdefghi", "a9tv40mll9kdu509eum")]
    [InlineData(Key192, 10, "", "0123456789", "2830668132")]
    [InlineData(Key192, 10, Tweak10, "0123456789", "2496655549")]
    [InlineData(Key192, 36, Tweak36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr")]
    [InlineData(Key256, 10, "", "0123456789", "6657667009")]
    [InlineData(Key256, 10, Tweak10, "0123456789", "1001623463")]
    [InlineData(Key256, 36, Tweak36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd")]
    public void The_published_samples_come_out(string key, int radix, string tweak, string text, string expected)
    {
        int[] plain = [.. text.Select(character => Digits.IndexOf(character))];
        var (keyBytes, tweakBytes) = (Convert.FromHexString(key), Convert.FromHexString(tweak));
        Assert.Equal(expected, TextOf(PlainFf1.Encrypt(keyBytes, radix, tweakBytes, plain)));
        Assert.Equal(expected, TextOf(BouncyCastle(keyBytes, radix, tweakBytes, plain)));
    }

    internal static int[] BouncyCastle(byte[] key, int radix, byte[] tweak, int[] digits)
    {
        var engine = new FpeFf1Engine(new AesEngine());
        engine.Init(true, new FpeParameters(new KeyParameter(key), radix, tweak));
        byte[] input = [.. digits.Select(digit => (byte)digit)];
        engine.ProcessBlock(input, 0, input.Length, input, 0);
        return [.. input.Select(digit => (int)digit)];
    }

    private static string TextOf(int[] digits) => string.Concat(digits.Select(digit => Digits[digit]));
}
