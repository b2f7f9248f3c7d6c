using System.Buffers;
using System.Globalization;
using System.Text;
using UniqueRandom.Audit;
using UniqueRandom.Codes;

namespace UniqueRandom.Server.Audit;

/// <summary>
/// Writes a draw log as CSV (RFC 4180) with a row for each number. Text that a spreadsheet would interpret as a formula is
/// prefixed with an apostrophe; JSON lines contain it unchanged.
/// </summary>
internal sealed class CsvLog(CodeFormat? format) : LogFormat
{
    public const string Csv = "text/csv";

    private const string StartsOfFormulas = "=+-@\t\r";

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public override string MediaType => Csv + "; charset=utf-8; header=present";

    public override void Begin(IBufferWriter<byte> output) =>
        output.Write(format is null
            ? "position,number,drawnAt,reference,caller,keyed\r\n"u8
            : "position,number,code,drawnAt,reference,caller,keyed\r\n"u8);

    public override void Write(IBufferWriter<byte> output, in LoggedDraw draw)
    {
        var row = draw.Row;
        var keyed = row.Key is null ? "false" : "true";
        var rest = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $",{row.DrawnAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ},{Field(row.Reference)},{Field(row.Caller)},{keyed}\r\n"));
        for (var i = 0; i < draw.Numbers.Length; i++)
        {
            WriteInteger(output, row.First + i);
            output.Write(","u8);
            WriteInteger(output, draw.Numbers.Span[i]);
            if (format is not null)
                output.Write(Encoding.UTF8.GetBytes($",{Field(format.Write(draw.Numbers.Span[i]))}"));
            output.Write(rest);
        }
    }

    private static string? Field(string? text)
    {
        if (text is [var first, ..] && StartsOfFormulas.Contains(first))
            text = $"'{text}";
        return text is not null && text.AsSpan().ContainsAny(Special)
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
    }

    private static void WriteInteger(IBufferWriter<byte> output, long value)
    {
        const int mostDigits = 20;
        value.TryFormat(output.GetSpan(mostDigits), out var length, provider: CultureInfo.InvariantCulture);
        output.Advance(length);
    }
}
