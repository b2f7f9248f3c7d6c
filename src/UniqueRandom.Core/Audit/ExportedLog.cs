using System.Globalization;
using System.Text.Json;

namespace UniqueRandom.Audit;

/// <summary>
/// Reads an exported log line by line, in either form: JSON lines, or CSV with the columns <c>position,number,…</c>.
/// </summary>
internal static class ExportedLog
{
    private const string Columns = "position,number";

    /// <exception cref="FormatException">A line is not one of an exported log.</exception>
    public static IEnumerable<ExportedLine> Read(IEnumerable<string> lines)
    {
        long line = 0;
        string? header = null;
        var isFirst = true;
        foreach (var text in lines)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            if (isFirst && !text.StartsWith('{'))
            {
                header = text;
                if (header != Columns && !header.StartsWith(Columns + ',', StringComparison.Ordinal))
                    throw NotExported(line, $"expected a JSON object or the columns {Columns}");
            }
            else
            {
                yield return header is null ? ReadJson(text, line) : ReadRow(text, line, isCutAfterNumber: header == Columns);
            }

            isFirst = false;
        }
    }

    private static ExportedLine ReadJson(string text, long line)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, ExportedLineContext.Default.ExportedLine) is { } exported)
                return exported with { Line = line };
        }
        catch (JsonException)
        {
            // The message of the exception counts lines within this one.
        }

        throw NotExported(line, "expected a JSON object with the integers first and count and the array numbers");
    }

    // A reference can contain commas and quotes, but no line breaks, and comes after the two columns that are read.
    private static ExportedLine ReadRow(string text, long line, bool isCutAfterNumber)
    {
        var comma = text.IndexOf(',');
        var end = comma < 0 ? -1 : text.IndexOf(',', comma + 1);
        // If the header has more columns and the row does not, the number may have lost its last digits.
        if (comma >= 0 && isCutAfterNumber == end < 0
            && TryParse(text.AsSpan(0, comma), out var position)
            && TryParse(end < 0 ? text.AsSpan(comma + 1) : text.AsSpan(comma + 1, end - comma - 1), out var number))
        {
            return new ExportedLine { Line = line, First = position, Count = 1, Numbers = [number] };
        }

        throw NotExported(line, $"expected the integers {Columns} and as many columns as in the first line");
    }

    private static bool TryParse(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static FormatException NotExported(long line, string expectation) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"line {line:N0} is truncated or not from an exported log ({expectation}); export the log again."));
}
