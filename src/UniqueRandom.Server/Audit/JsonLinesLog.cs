using System.Buffers;
using System.Text.Json;
using UniqueRandom.Audit;

namespace UniqueRandom.Server.Audit;

/// <summary>A draw log with a JSON object a line: a draw, or neighbouring ones that share a row.</summary>
internal sealed class JsonLinesLog : LogFormat
{
    private readonly Utf8JsonWriter json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });

    public override string MediaType => "application/x-ndjson";

    public override void Write(IBufferWriter<byte> output, in LoggedDraw draw)
    {
        var row = draw.Row;
        json.Reset(output);
        json.WriteStartObject();
        json.WriteNumber("first"u8, row.First);
        json.WriteNumber("count"u8, row.Count);
        json.WriteStartArray("numbers"u8);
        foreach (var number in draw.Numbers.Span)
            json.WriteNumberValue(number);
        json.WriteEndArray();
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
