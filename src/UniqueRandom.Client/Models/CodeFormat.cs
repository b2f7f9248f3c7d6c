namespace UniqueRandom.Client.Models;

/// <summary>
/// How the numbers of a pool are written as codes: the digits of the number in the base of the alphabet, a check symbol behind
/// them, in groups, with a prefix.
/// </summary>
public sealed class CodeFormat
{
    /// <summary>
    /// Gets the alphabet: <c>digits</c>, <c>hex</c>, <c>crockford32</c>, <c>letters</c>, <c>no-vowels</c>, or 2 to 64 different
    /// visible ASCII characters, none of them <c>- _ . / %</c>.
    /// </summary>
    public required string Alphabet { get; init; }

    /// <summary>Gets how many characters represent the number, 1 to 62. The number of codes must be less than 2^63.</summary>
    public required int Length { get; init; }

    /// <summary>
    /// Gets what each code begins with, up to 32 visible ASCII characters other than <c>/</c> and <c>%</c>. The default is
    /// nothing.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// Gets how many characters a group has, 0 to <see cref="Length"/>; a hyphen separates groups. 0, the default, is for one
    /// group.
    /// </summary>
    public int Group { get; init; }

    /// <summary>
    /// Gets whether a check symbol follows. It detects every single wrong character and nearly all swaps of adjacent characters.
    /// Of codes with several mistakes, about 1 in N is accepted, where N is the size of the alphabet, which must be even. The
    /// default is <see langword="false"/>.
    /// </summary>
    public bool Check { get; init; }
}
