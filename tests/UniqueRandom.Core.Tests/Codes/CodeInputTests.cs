using System.Text.RegularExpressions;
using CsCheck;
using UniqueRandom.Codes;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Core.Tests.Codes;

/// <summary>Damaged codes and formats, which are read if other code says so, too.</summary>
public sealed partial class CodeInputTests(ITestOutputHelper output)
{
    private const string Separator = @"[\s\p{Pd}\p{Cf}\u2212_.]";

    private static readonly CodeFormat Voucher = new("crockford32", 6, "XMAS-", group: 3, check: true);

    [Fact]
    public Task A_code_is_what_remains_without_separators_and_prefix() => InputSearch.RunAsync(
        Gen.Long[0, Voucher.MaximumNumber].Select(Voucher.Write).Mutated(),
        text =>
        {
            var isRead = Voucher.TryRead(text, out var number);
            if (isRead)
            {
                var plain = Separators().Replace(Prefix().Replace(text, ""), "").ToUpperInvariant();
                plain = plain.Replace('O', '0').Replace('I', '1').Replace('L', '1');
                Assert.Equal(
                    Voucher.Write(number)["XMAS-".Length..].Replace("-", "", StringComparison.Ordinal),
                    plain.StartsWith("XMAS", StringComparison.Ordinal) && plain.Length > 7 ? plain["XMAS".Length..] : plain);
            }

            return isRead;
        },
        output);

    [Fact]
    public Task A_stored_format_is_the_one_that_was_written() => InputSearch.RunAsync(
        Gen.OneOf($"{Voucher}", "digits 18 0 0 ", "01 62 9 1 a\"b").Mutated(),
        text =>
        {
            var format = CodeFormat.Parse(text);
            if (format is not null)
            {
                Assert.Equal(new CodeFormat(format.Alphabet, format.Length, format.Prefix, format.Group, format.Check), format);
                Assert.Equal(format, CodeFormat.Parse($"{format}"));
            }

            return format is not null;
        },
        output);

    [GeneratedRegex($"^{Separator}*X{Separator}*M{Separator}*A{Separator}*S{Separator}", RegexOptions.IgnoreCase)]
    private static partial Regex Prefix();

    [GeneratedRegex(Separator)]
    private static partial Regex Separators();
}
