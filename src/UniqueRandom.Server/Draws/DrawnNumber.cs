using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using UniqueRandom.Codes;
using UniqueRandom.Draws;

namespace UniqueRandom.Server.Draws;

/// <summary>
/// Writes the body of a draw of one number: <c>{"number":483102}</c>, with its code if the pool has codes.
/// </summary>
internal static class DrawnNumber
{
    /// <summary>Writes the body without a serializer and does not flush it: Kestrel does when the handler returns.</summary>
    public static void Write(HttpResponse response, in DrawOutcome outcome)
    {
        var number = outcome.Number;
        if (outcome.Pool!.Code is { } format)
        {
            Write(response, number, format);
            return;
        }

        Span<byte> body = stackalloc byte[32];
        "{\"number\":"u8.CopyTo(body);
        var length = "{\"number\":"u8.Length;
        var fits = number.TryFormat(body[length..], out var digits, provider: CultureInfo.InvariantCulture);
        Debug.Assert(fits, "A 64-bit integer has at most 20 characters.");
        length += digits;
        body[length++] = (byte)'}';

        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = length;
        body[..length].CopyTo(response.BodyWriter.GetSpan(length));
        response.BodyWriter.Advance(length);
    }

    private static void Write(HttpResponse response, long number, CodeFormat format)
    {
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("number"u8, number);
        json.WriteString("code"u8, format.Write(number));
        json.WriteEndObject();
    }
}
