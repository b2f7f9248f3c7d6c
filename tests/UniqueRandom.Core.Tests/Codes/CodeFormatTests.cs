using CsCheck;
using UniqueRandom.Codes;

namespace UniqueRandom.Core.Tests.Codes;

/// <summary>Numbers as codes, and codes as people type them.</summary>
public sealed class CodeFormatTests
{
    private static readonly CodeFormat Voucher = new("crockford32", 10, "XMAS-", group: 5, check: true);

    private static readonly string[] Alphabets =
        ["digits", "hex", "crockford32", "letters", "no-vowels", "01", "abcdefABCDEF", "!#$&*+"];

    private static readonly string[] Prefixes = ["", "XMAS-", "a.b_C-9"];

    private static readonly Gen<CodeFormat> Formats = Gen.Select(
        Gen.Int[0, Alphabets.Length - 1], Gen.Int[1, 9], Gen.Int[0, Prefixes.Length - 1], Gen.Int[0, 4], Gen.Bool,
        (alphabet, length, prefix, group, check) =>
            new CodeFormat(Alphabets[alphabet], length, Prefixes[prefix], Math.Min(group, length), check));

    [Theory]
    [InlineData(0, "XMAS-00000-00000-1")]
    [InlineData(31, "XMAS-00000-0000Z-3")]
    [InlineData(1_125_899_906_842_623, "XMAS-ZZZZZ-ZZZZZ-1")]
    public void A_number_is_written_in_the_base_of_the_alphabet(long number, string code)
    {
        Assert.Equal(code, Voucher.Write(number));
        Assert.True(Voucher.TryRead(code, out var read));
        Assert.Equal(number, read);
    }

    /// <summary>The examples of the standard: MOD 11,10 and MOD 37,36.</summary>
    [Theory]
    [InlineData("digits", "0794", "07945")]
    [InlineData("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A12425GABC12", "A12425GABC124")]
    public void The_check_symbol_is_that_of_the_standard(string alphabet, string text, string expected)
    {
        var plain = new CodeFormat(alphabet, text.Length);
        Assert.True(plain.TryRead(text, out var number));
        Assert.Equal(expected, new CodeFormat(alphabet, text.Length, check: true).Write(number));
    }

    [Fact]
    public void Each_number_has_a_code_and_each_code_its_number() => Gen.Select(Formats, Gen.Long).Sample(
        (format, any) =>
        {
            var number = (any & long.MaxValue) % (format.MaximumNumber + 1);
            var code = format.Write(number);
            Assert.StartsWith(format.Prefix, code);
            Assert.True(format.TryRead(code, out var read), code);
            Assert.Equal(number, read);
            Assert.True(format.TryRead(code.AsSpan(format.Prefix.Length), out read), code);
            Assert.Equal(number, read);
        },
        iter: 20_000);

    [Theory]
    [InlineData("xmas-00000-0001z-")]
    [InlineData("xmas-oO000-000Iz-")]
    [InlineData("XMAS OOO00 0OOlz ")]
    [InlineData("00000O00LZ")]
    [InlineData(" 00000.0001Z_")]
    [InlineData("xMaS000000001Z")]
    [InlineData("\u202dXMAS\u00ad\u221200000\u22120001Z\u200b")]
    public void What_people_type_is_read(string typed)
    {
        var format = new CodeFormat("crockford32", 10, "XMAS-", group: 5, check: true);
        var code = format.Write(63);
        Assert.StartsWith("XMAS-00000-0001Z-", code);
        Assert.True(format.TryRead(typed + code[^1], out var number), typed);
        Assert.Equal(63, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("XMAS-")]
    [InlineData("XMAS-00000-00000")]
    [InlineData("XMAS-00000-00000-11")]
    [InlineData("XMAS-00000-0000U-1")]
    [InlineData("XMAS-00000-00000-2")]
    [InlineData("XMA5-00000-00000-1")]
    [InlineData("EASTER-00000-00000-1")]
    [InlineData("XMAS-00000-0000ü-1")]
    [InlineData("XMAS-00000-0000\0-1")]
    public void What_is_no_code_is_not_read(string typed) => Assert.False(Voucher.TryRead(typed, out _));

    [Theory]
    [InlineData("V10-42")]
    [InlineData("vio42")]
    [InlineData("VLO 42")]
    public void A_prefix_is_read_like_the_rest(string typed)
    {
        Assert.True(new CodeFormat("digits", 2, "V10-").TryRead(typed, out var number));
        Assert.Equal(42, number);
        Assert.False(new CodeFormat("digits", 2, "V10-").TryRead(new string(' ', 1000) + typed, out _));
    }

    [Theory]
    [InlineData("letters", "0", 14)]
    [InlineData("letters", "o", 14)]
    [InlineData("letters", "l", 11)]
    [InlineData("no-vowels", "1", 8)]
    [InlineData("no-vowels", "I", 8)]
    [InlineData("crockford32", "\u2013o\u00a0", 0)]
    [InlineData("crockford32", "L\t\u2011", 1)]
    [InlineData("crockford32", "\ufeff\u200b1\u00ad\u2212\u2060", 1)]
    [InlineData("crockford32", "\u202a\u200e1\u200f\u202c\u200d", 1)]
    public void A_character_that_can_be_meant_is_read(string alphabet, string typed, long number)
    {
        Assert.True(new CodeFormat(alphabet, 1).TryRead(typed, out var read));
        Assert.Equal(number, read);
    }

    [Fact]
    public void A_character_that_several_can_be_meant_by_is_not_read() =>
        Assert.False(new CodeFormat("letters", 1).TryRead("1", out _));

    [Theory]
    [InlineData("HEX", "hex")]
    [InlineData("0123456789ABCDEF", "hex")]
    [InlineData("No-Vowels", "no-vowels")]
    [InlineData("ABC", "ABC")]
    public void An_alphabet_that_has_a_name_is_the_named_one(string text, string name)
    {
        var format = new CodeFormat(text, 5);
        Assert.Equal((name, new CodeFormat(name, 5)), (format.Alphabet, format));
    }

    [Fact]
    public void A_prefix_does_not_take_the_place_of_a_missing_character()
    {
        var format = new CodeFormat("crockford32", 6, "V-", group: 3, check: true);
        for (var number = 0; number < 1000; number++)
            Assert.False(format.TryRead(format.Write(number).AsSpan(..^1), out _));
    }

    [Fact]
    public void A_prefix_before_a_separator_is_not_read_as_the_code() => Gen.Select(
        Formats.Where(format => format.Prefix == "XMAS-"), Gen.Long, Gen.Int[1, 10], Gen.OneOf("-", " ", "_", ".", " \u2013 "))
        .Sample(
            (format, any, missing, separator) =>
            {
                var code = format.Write((any & long.MaxValue) % (format.MaximumNumber + 1))[format.Prefix.Length..];
                Assert.True(format.TryRead($" x-mAs{separator}{code}", out _), code);
                Assert.False(format.TryRead($" x-mAs{separator}{code[..^Math.Min(missing, code.Length)]}", out _), code);
            },
            iter: 20_000);

    [Theory]
    [InlineData("XMAS-", "XMAS 12", "0000")]
    [InlineData("XMAS-", "xmas\t12", "0000")]
    [InlineData("XMAS-", " x-m-a-s\u201112", "0000")]
    [InlineData("XMAS-", "XMAS-12", "0000")]
    [InlineData("VO1-", "V0I 123", "000")]
    [InlineData("VO1-", "vol_123", "000")]
    [InlineData("V.", "v-12345", "0")]
    public void A_prefix_does_not_take_the_place_of_missing_characters(string prefix, string typed, string missing)
    {
        var format = new CodeFormat("crockford32", 6, prefix);
        Assert.False(format.TryRead(typed, out _));
        Assert.True(format.TryRead(typed + missing, out _));
    }

    [Fact]
    public void Case_counts_if_the_alphabet_has_both()
    {
        var format = new CodeFormat("aAbB", 3);
        Assert.True(format.TryRead("aAb", out var lower));
        Assert.True(format.TryRead("AAb", out var upper));
        Assert.NotEqual(lower, upper);
    }

    [Fact]
    public void Each_wrong_character_is_found() => Gen.Select(Formats, Gen.Long, Gen.Int[0, 100], Gen.Int[1, 100]).Sample(
        (format, any, place, change) =>
        {
            if (!format.Check)
                return;
            var alphabet = CodeAlphabet.Create(format.Alphabet);
            var code = format.Write((any & long.MaxValue) % (format.MaximumNumber + 1))[format.Prefix.Length..].Replace("-", "");
            place %= code.Length;
            var wrong = alphabet[(alphabet.ValueOf(code[place]) + 1 + change % (alphabet.Size - 1)) % alphabet.Size];
            Assert.False(format.TryRead(code[..place] + wrong + code[(place + 1)..], out _), $"{code}: {place} {wrong}");
        },
        iter: 50_000);

    [Theory]
    [InlineData("crockford33", 5, "", 0, false, "alphabet must be crockford32, digits, hex, letters, no-vowels, or 2 to 64")]
    [InlineData("base32", 5, "", 0, false, "alphabet must be")]
    [InlineData("", 5, "", 0, false, "alphabet must be")]
    [InlineData("A", 5, "", 0, false, "alphabet must be")]
    [InlineData("ABA", 5, "", 0, false, "alphabet must be")]
    [InlineData("AB\u0007", 5, "", 0, false, "alphabet must be")]
    [InlineData("ABü", 5, "", 0, false, "alphabet must be")]
    [InlineData("AB-", 5, "", 0, false, "alphabet must be")]
    [InlineData("AB\u2212", 5, "", 0, false, "alphabet must be")]
    [InlineData("AB\u00ad", 5, "", 0, false, "alphabet must be")]
    [InlineData("digits", 0, "", 0, false, "length must be from 1 to 18 for an alphabet of 10 characters")]
    [InlineData("digits", 19, "", 0, false, "length must be from 1 to 18")]
    [InlineData("crockford32", 13, "", 0, false, "length must be from 1 to 12 for an alphabet of 32 characters")]
    [InlineData("01", int.MaxValue, "", 0, false, "length must be from 1 to 62")]
    [InlineData("digits", 5, "with space", 0, false, "prefix must have at most 32 visible ASCII characters")]
    [InlineData("digits", 5, "012345678901234567890123456789012", 0, false, "prefix must have at most 32")]
    [InlineData("digits", 5, "a/b", 0, false, "other than / and %")]
    [InlineData("digits", 5, "100%", 0, false, "other than / and %")]
    [InlineData("AB/", 5, "", 0, false, "alphabet must be")]
    [InlineData("digits", 5, "", -1, false, "group must be from 0 to 5, the length")]
    [InlineData("digits", 5, "", 6, false, "group must be from 0 to 5")]
    [InlineData("ABC", 5, "", 0, true, "check needs an alphabet of an even size; this one has 3 characters")]
    public void A_format_that_is_not_valid_says_what_is_allowed(
        string alphabet, int length, string prefix, int group, bool check, string expected)
    {
        Assert.Contains(expected, CodeFormat.Validate(alphabet, length, prefix, group, check));
        Assert.Throws<ArgumentException>(() => new CodeFormat(alphabet, length, prefix, group, check));
    }
}
