using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Core.Tests.Draws;

/// <summary>Tests the rules for keys, references and pool names.</summary>
public sealed class RequestRuleTests
{
    [Theory]
    [InlineData("k")]
    [InlineData("!")]
    [InlineData("~")]
    [InlineData("8e03978e-40d5-43e8-bc93-6894a57f9324")]
    [InlineData("\"quoted\",'%_\\;")]
    public void A_key_consists_of_visible_ASCII_characters(string key) => Assert.True(IdempotencyKey.IsValid(key));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a\t")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("\u007f")]
    [InlineData("\u0080")]
    [InlineData("ä")]
    [InlineData("\ud83d\ude00")]
    public void Other_keys_are_invalid(string key) => Assert.False(IdempotencyKey.IsValid(key));

    [Fact]
    public void Exactly_the_characters_from_0x21_to_0x7E_are_valid_in_a_key() =>
        Assert.Equal(
            Enumerable.Range(0x21, 0x5E), Enumerable.Range(0, 0x10000).Where(unit => IdempotencyKey.IsValid([(char)unit])));

    [Theory]
    [InlineData("r")]
    [InlineData(" ")]
    [InlineData("Bestellung Nr. 4711 – für „Ännchen“")]
    [InlineData("\u00a0")]
    [InlineData("\u00ad")]
    [InlineData("\u2028")]
    [InlineData("\u200b")]
    [InlineData("\ufeff")]
    [InlineData("\uffff")]
    [InlineData("\ud83d\ude00")]
    [InlineData("\udbff\udfff")]
    [InlineData("e\u0301")]
    public void A_reference_can_be_any_text(string reference) => Assert.True(Reference.IsValid(reference));

    // Not InlineData, because attribute metadata can't contain an unpaired surrogate.
    public static TheoryData<int, char[]> InvalidReferences => new()
    {
        { 0, [] },
        { 1, ['\0'] },
        { 2, ['a', '\0'] },
        { 3, ['a', '\t', 'b'] },
        { 4, ['\n'] },
        { 5, ['\r'] },
        { 6, ['\u001f'] },
        { 7, ['\u007f'] },
        { 8, ['\u0080'] },
        { 9, ['\u0085'] },
        { 10, ['\u009f'] },
        { 11, ['\ud83d'] },
        { 12, ['\ude00'] },
        { 13, ['a', '\ud83d', 'b'] },
        { 14, ['\ude00', '\ud83d'] },
        { 15, ['\ud83d', '\ud83d', '\ude00'] },
        { 16, ['\ud83d', '\ude00', '\ude00'] },
        { 17, ['a', 'b', '\ud83d'] },
    };

    [Theory]
    [MemberData(nameof(InvalidReferences))]
    public void Control_characters_and_unpaired_surrogates_are_invalid_in_a_reference(int number, char[] reference) =>
        Assert.False(Reference.IsValid(reference), $"{number}");

    [Fact]
    public void Keys_and_references_have_at_most_255_UTF_16_code_units_and_names_64()
    {
        Assert.True(IdempotencyKey.IsValid(new string('k', 255)));
        Assert.False(IdempotencyKey.IsValid(new string('k', 256)));
        Assert.True(Reference.IsValid(new string('ü', 255)));
        Assert.False(Reference.IsValid(new string('ü', 256)));
        var pairs = string.Concat(Enumerable.Repeat("\ud83d\ude00", 127));
        Assert.True(Reference.IsValid(pairs + "x"));
        Assert.False(Reference.IsValid(pairs + "\ud83d\ude00"));
        Assert.False(Reference.IsValid(pairs + "\ud83d"));
        Assert.False(Reference.IsValid(Reference.SkippedAfterRestore));
        Assert.False(Reference.IsValid(Reference.Imported));
        Assert.True(PoolName.IsValid(new string('p', 64)));
        Assert.False(PoolName.IsValid(new string('p', 65)));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("-")]
    [InlineData("_")]
    [InlineData("raffle_2026-11")]
    public void A_name_consists_of_lowercase_letters_digits_hyphens_and_underscores(string name) =>
        Assert.True(PoolName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a%2fb")]
    [InlineData("a\0")]
    [InlineData("ä")]
    [InlineData("\u0430")]
    [InlineData("\uff41")]
    [InlineData("a\n")]
    public void Other_names_are_invalid(string name) => Assert.False(PoolName.IsValid(name));

    [Fact]
    public void An_empty_caller_is_null()
    {
        Assert.Null(new DrawRequest("p", Caller: "").Caller);
        Assert.Equal(new DrawRequest("p", 2, "r", "k"), new DrawRequest("p", 2, "r", "k", ""));
    }
}
