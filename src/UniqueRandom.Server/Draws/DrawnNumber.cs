using System.Diagnostics;
using System.Globalization;

namespace UniqueRandom.Server.Draws;

/// <summary>Writes the body of a draw of one number: <c>{"number":483102}</c>.</summary>
internal static class DrawnNumber
{
    /// <summary>Writes the body without a serializer and does not flush it: Kestrel does when the handler returns.</summary>
    public static void Write(HttpResponse response, long number)
    {
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
}
