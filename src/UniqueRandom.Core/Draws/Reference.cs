using System.Buffers;
using System.Globalization;
using System.Text;

namespace UniqueRandom.Draws;

/// <summary>
/// Validates references: 1 to <see cref="MaximumLength"/> UTF-16 code units of well-formed text without control characters,
/// other than <see cref="SkippedAfterRestore"/> and <see cref="Imported"/>.
/// </summary>
public static class Reference
{
    /// <summary>The largest number of UTF-16 code units: 255.</summary>
    public const int MaximumLength = 255;

    /// <summary>The reference of positions that a restore has given up. Draws can't have it.</summary>
    public const string SkippedAfterRestore = "skipped-after-restore";

    /// <summary>
    /// The reference of numbers that were handed out elsewhere before their pool was created. Draws can't have it.
    /// </summary>
    public const string Imported = "imported";

    /// <summary>Whether a text is a valid reference of a draw.</summary>
    public static bool IsValid(ReadOnlySpan<char> reference)
    {
        if (reference.Length is < 1 or > MaximumLength || reference is SkippedAfterRestore or Imported)
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
