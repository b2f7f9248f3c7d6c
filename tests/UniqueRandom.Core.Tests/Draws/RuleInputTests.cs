using System.Text.RegularExpressions;
using CsCheck;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Core.Tests.Draws;

/// <summary>Damaged names, keys and references, which are valid if other code says so, too.</summary>
public sealed partial class RuleInputTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_key_is_visible_ASCII() => InputSearch.RunAsync(
        Gen.Char['!', '~'].Array[1, 256].Select(characters => new string(characters)).Mutated(),
        text => Agree(IdempotencyKey.IsValid(text), Key().IsMatch(text)),
        output);

    [Fact]
    public Task A_name_of_a_pool_has_few_characters() => InputSearch.RunAsync(
        Gen.OneOf("default", "raffle-2026", "a", "order_numbers", new string('x', 64), new string('x', 65)).Mutated(),
        text => Agree(PoolName.IsValid(text), Name().IsMatch(text)),
        output);

    [Fact]
    public Task A_reference_is_text_without_control_characters() => InputSearch.RunAsync(
        Gen.OneOf("order-4711", "für Jürgen 🎲", "🎲", "e\u0301", new string('r', 255), new string('r', 256)).Mutated(),
        text => Agree(
            Reference.IsValid(text),
            text.Length is >= 1 and <= 255 && !text.Any(char.IsControl)
                && text.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == text.Length
                && string.Concat(text.EnumerateRunes()) == text),
        output);

    private static bool Agree(bool isValid, bool expected)
    {
        Assert.Equal(expected, isValid);
        return isValid;
    }

    [GeneratedRegex(@"\A[!-~]{1,255}\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"\A[a-z0-9_-]{1,64}\z")]
    private static partial Regex Name();
}
