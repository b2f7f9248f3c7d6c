using System.Globalization;
using System.Text.Json;

namespace UniqueRandom.Audit;

/// <summary>
/// Reads an exported log line by line, in either form: JSON lines, or CSV with the columns <c>position,number,…</c> or
/// <c>position,number,code,…</c>.
/// </summary>
internal static class ExportedLog
{
    private const string Columns = "position,number";
    private const string ColumnsWithCode = $"{Columns},code";

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
                if (!BeginsWith(header, Columns))
                    throw NotExported(line, $"expected a JSON object or the columns {Columns}");
            }
            else
            {
                yield return header is null ? ReadJson(text, line) : ReadRow(text, line, header);
            }

            isFirst = false;
        }
    }

    private static ExportedLine ReadJson(string text, long line)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, ExportedLineContext.Default.ExportedLine) is { } exported
                && exported.Codes?.Contains(null!) != true)
                return exported with { Line = line };
        }
        catch (JsonException)
        {
            // The message of the exception counts lines within this one.
        }

        throw NotExported(line, "expected a JSON object with the integers first and count and the array numbers");
    }

    private static bool BeginsWith(string header, string columns) =>
        header == columns || header.StartsWith(columns + ',', StringComparison.Ordinal);

    // A reference can contain commas and quotes, but no line breaks, and comes after the columns that are read.
    private static ExportedLine ReadRow(string text, long line, string header)
    {
        var hasCode = BeginsWith(header, ColumnsWithCode);
        var afterPosition = EndOf(text, 0);
        var afterNumber = EndOf(text, afterPosition + 1);
        var end = hasCode ? EndOf(text, afterNumber + 1) : afterNumber;
        // If the header has more columns and the row does not, the last value may be cut.
        var isLast = header.Length == (hasCode ? ColumnsWithCode : Columns).Length;
        if ((end < text.Length ? text[end] == ',' && !isLast : end == text.Length && isLast)
            && TryParse(text.AsSpan(0, afterPosition), out var position)
            && TryParse(text.AsSpan()[(afterPosition + 1)..afterNumber], out var number))
        {
            return new ExportedLine
            {
                Line = line,
                First = position,
                Count = 1,
                Numbers = [number],
                Codes = hasCode ? [Unquote(text[(afterNumber + 1)..end])] : null,
            };
        }

        throw NotExported(line, $"expected the integers {Columns} and as many columns as in the first line");
    }

    /// <summary>Finds the end of a column; a place behind the text if the column is missing, or its quotes are open.</summary>
    private static int EndOf(string text, int start)
    {
        if (start >= text.Length)
            return start;
        if (text[start] != '"')
            return text.IndexOf(',', start) is >= 0 and var comma ? comma : text.Length;
        for (var quote = text.IndexOf('"', start + 1); quote >= 0; quote = text.IndexOf('"', quote + 2))
        {
            if (quote + 1 == text.Length || text[quote + 1] != '"')
                return quote + 1;
            if (quote + 2 == text.Length)
                break;
        }

        return text.Length + 1;
    }

    private static string Unquote(string column) =>
        column.StartsWith('"') ? column[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : column;

    private static bool TryParse(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static FormatException NotExported(long line, string expectation) =>
        new(string.Create(
            CultureInfo.InvariantCulture,
            $"line {line:N0} is truncated or not from an exported log ({expectation}); export the log again."));
}
