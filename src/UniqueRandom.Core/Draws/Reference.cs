using System.Buffers;
using System.Globalization;
using System.Text;

namespace UniqueRandom.Draws;

/// <summary>
/// Validates references: 1 to <see cref="MaximumLength"/> UTF-16 code units of well-formed text without control characters.
/// </summary>
public static class Reference
{
    /// <summary>The largest number of UTF-16 code units: 255.</summary>
    public const int MaximumLength = 255;

    /// <summary>Whether a text is a valid reference.</summary>
    public static bool IsValid(ReadOnlySpan<char> reference)
    {
        if (reference.Length is < 1 or > MaximumLength)
            return false;

        for (var rest = reference; rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var units) != OperationStatus.Done
                || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control)
            {
                return false;
            }

            rest = rest[units..];
        }

        return true;
    }
}
