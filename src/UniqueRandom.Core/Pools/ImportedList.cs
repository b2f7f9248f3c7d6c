using System.Buffers.Text;
using System.Security.Cryptography;
using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>
/// The numbers of a pool that were handed out elsewhere before it was created. They are its first positions, in ascending order,
/// so that lists with the same numbers are equal.
/// </summary>
/// <param name="Count">How many there are, at least 1.</param>
/// <param name="Sha256">
/// The SHA-256 of the numbers in ascending order, in decimal, each followed by a line feed: 64 lower-case hexadecimal digits.
/// <c>sort -n | sha256sum</c> gives the same for a file with one number a line and nothing else.
/// </param>
public sealed record ImportedList(long Count, string Sha256)
{
    private const int OffsetsAtOnce = 4096;

    /// <summary>The length of the longest integer with its line feed.</summary>
    private const int LongestLine = 21;

    /// <summary>Describes the numbers of a set.</summary>
    /// <param name="range">The range of the pool.</param>
    /// <param name="numbers">The offsets of the numbers.</param>
    public static ImportedList Of(PoolRange range, OffsetSet numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var offsets = new uint[OffsetsAtOnce];
        var lines = new byte[OffsetsAtOnce * LongestLine];
        for (var (next, count) = (0L, OffsetsAtOnce); count == OffsetsAtOnce;)
        {
            count = numbers.Copy(ref next, offsets);
            var length = 0;
            for (var i = 0; i < count; i++)
            {
                Utf8Formatter.TryFormat(range.NumberAt(offsets[i]), lines.AsSpan(length), out var digits);
                length += digits;
                lines[length++] = (byte)'\n';
            }

            hash.AppendData(lines, 0, length);
        }

        return new ImportedList(numbers.Count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Validates what is stored of a list.</summary>
    /// <param name="range">The range of the pool.</param>
    public bool IsValidFor(PoolRange range) =>
        Count >= 1 && Count <= range.Size && Sha256.Length == 2 * SHA256.HashSizeInBytes && Sha256.All(char.IsAsciiHexDigitLower);
}
