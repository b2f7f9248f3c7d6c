using UniqueRandom.Draws;
using UniqueRandom.Pools;

namespace UniqueRandom.Core.Tests.Draws;

/// <summary>What can be a key, a reference and a name.</summary>
public sealed class RequestRuleTests
{
    [Theory]
    [InlineData("k")]
    [InlineData("!")]
    [InlineData("~")]
    [InlineData("8e03978e-40d5-43e8-bc93-6894a57f9324")]
    [InlineData("\"quoted\",'%_\\;")]
    public void A_key_is_visible_ascii(string key) => Assert.True(IdempotencyKey.IsValid(key));

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
    public void A_key_is_nothing_else(string key) => Assert.False(IdempotencyKey.IsValid(key));

    [Fact]
    public void Of_all_characters_exactly_those_from_0x21_to_0x7E_can_be_in_a_key() =>
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
    public void A_reference_is_any_text(string reference) => Assert.True(Reference.IsValid(reference));

    // Not as attributes, because a lone surrogate does not survive in the metadata.
    public static TheoryData<int, char[]> Unacceptable => new()
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
    [MemberData(nameof(Unacceptable))]
    public void A_reference_has_no_control_characters_and_no_half_characters(int number, char[] reference) =>
        Assert.False(Reference.IsValid(reference), $"{number}");

    [Fact]
    public void Keys_and_references_have_255_units_at_most_and_names_64()
    {
        Assert.True(IdempotencyKey.IsValid(new string('k', 255)));
        Assert.False(IdempotencyKey.IsValid(new string('k', 256)));
        Assert.True(Reference.IsValid(new string('ü', 255)));
        Assert.False(Reference.IsValid(new string('ü', 256)));
        var pairs = string.Concat(Enumerable.Repeat("\ud83d\ude00", 127));
        Assert.True(Reference.IsValid(pairs + "x"));
        Assert.False(Reference.IsValid(pairs + "\ud83d\ude00"));
        Assert.False(Reference.IsValid(pairs + "\ud83d"));
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
    public void A_name_is_lower_case_letters_digits_hyphens_and_underscores(string name) => Assert.True(PoolName.IsValid(name));

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
    public void A_name_is_nothing_else(string name) => Assert.False(PoolName.IsValid(name));

    [Fact]
    public void A_caller_without_a_name_is_nobody()
    {
        Assert.Null(new DrawRequest("p", Caller: "").Caller);
        Assert.Equal(new DrawRequest("p", 2, "r", "k"), new DrawRequest("p", 2, "r", "k", ""));
    }
}
