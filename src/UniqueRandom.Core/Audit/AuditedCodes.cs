using System.Globalization;
using UniqueRandom.Codes;

namespace UniqueRandom.Audit;

/// <summary>Compares the codes of a log with those of its numbers. Not thread-safe.</summary>
/// <param name="format">How the numbers are written as codes; null for none.</param>
internal sealed class AuditedCodes(CodeFormat? format)
{
    private const string StartsOfFormulas = "=+-@";

    private long found;

    /// <summary>Compares the code that a log has for a number.</summary>
    /// <param name="number">A number of the pool.</param>
    /// <param name="written">The code in the log; null for none.</param>
    /// <returns>How they differ, as the end of a sentence; null if they don't.</returns>
    public string? Compare(long number, string? written)
    {
        if (written is null)
            return null;
        found++;
        return format?.Write(number) is { } code && written != code && !IsQuoted(written, code)
            ? string.Create(
                CultureInfo.InvariantCulture, $"the log has the code {written}, and the code of {number} is {code}")
            : null;
    }

    /// <summary>Describes what was compared, as a sentence behind a space; nothing if there is nothing to say.</summary>
    /// <param name="count">How many numbers the log has.</param>
    public string Describe(long count) => (format, found) switch
    {
        (null, 0) => "",
        (null, _) => " The codes were not compared: their format is not given.",
        _ when count == 0 => "",
        (_, 0) => " The log has no codes.",
        _ when found == count => " Each code is that of its number.",
        _ => string.Create(
            CultureInfo.InvariantCulture, $" The log has only {found:N0} codes, and each is that of its number."),
    };

    /// <summary>Whether an apostrophe precedes a code that a spreadsheet would interpret as a formula.</summary>
    private static bool IsQuoted(string written, string code) => StartsOfFormulas.Contains(code[0]) && written == $"'{code}";
}
