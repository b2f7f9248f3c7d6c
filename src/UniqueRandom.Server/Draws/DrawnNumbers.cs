using System.Text.Json;
using UniqueRandom.Codes;
using UniqueRandom.Draws;

namespace UniqueRandom.Server.Draws;

/// <summary>Writes the body of a draw of several numbers.</summary>
internal static class DrawnNumbers
{
    private static readonly JsonWriterOptions Trusted = new() { SkipValidation = true };

    /// <summary>Writes the body from the outcome and does not flush it: Kestrel does when the handler returns.</summary>
    public static void Write(HttpResponse response, in DrawOutcome outcome, string? reference)
    {
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        using var json = new Utf8JsonWriter(response.BodyWriter, Trusted);
        json.WriteStartObject();
        json.WriteString("pool"u8, outcome.Pool!.Name);
        WriteRun(json, outcome.Position, outcome.Numbers.Span, outcome.Pool.Code);
        json.WriteString("drawnAt"u8, outcome.DrawnAt.UtcDateTime);
        json.WriteString("reference"u8, reference);
        json.WriteBoolean("replayed"u8, outcome.IsReplayed);
        json.WriteEndObject();
    }

    /// <summary>Writes the members that a draw and a line of the draw log have in common.</summary>
    public static void WriteRun(Utf8JsonWriter json, long first, ReadOnlySpan<long> numbers, CodeFormat? format)
    {
        json.WriteNumber("first"u8, first);
        json.WriteNumber("count"u8, numbers.Length);
        json.WriteStartArray("numbers"u8);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
        if (format is null)
            return;
        json.WriteStartArray("codes"u8);
        foreach (var number in numbers)
            json.WriteStringValue(format.Write(number));
        json.WriteEndArray();
    }
}
