using System.Buffers;
using System.Text.Json;
using UniqueRandom.Audit;
using UniqueRandom.Codes;
using UniqueRandom.Server.Draws;

namespace UniqueRandom.Server.Audit;

/// <summary>Writes a draw log with a JSON object on each line: a draw, or consecutive draws that share a row.</summary>
internal sealed class JsonLinesLog(CodeFormat? format) : LogFormat
{
    private readonly Utf8JsonWriter json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });

    public override string MediaType => "application/x-ndjson";

    public override void Write(IBufferWriter<byte> output, in LoggedDraw draw)
    {
        var row = draw.Row;
        json.Reset(output);
        json.WriteStartObject();
        DrawnNumbers.WriteRun(json, row.First, draw.Numbers.Span, format);
        json.WriteString("drawnAt"u8, row.DrawnAt.UtcDateTime);
        json.WriteString("reference"u8, row.Reference);
        json.WriteString("caller"u8, row.Caller);
        json.WriteBoolean("keyed"u8, row.Key is not null);
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    public override void Dispose()
    {
        json.Dispose();
        base.Dispose();
    }
}
