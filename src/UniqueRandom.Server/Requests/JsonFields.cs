using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Requests;

/// <summary>
/// The members of a JSON body, each checked by its name: none unknown, none twice, none of another type or out of range. A serializer
/// would say less of what is wrong.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> fields = new(StringComparer.Ordinal);

    private JsonFields()
    {
    }

    /// <exception cref="RefusedException">The body is no JSON object, or has other members than the known ones.</exception>
    public static async ValueTask<JsonFields> ReadAsync(HttpRequest request, params string[] known)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            || type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(Problem.OfStatus(StatusCodes.Status415UnsupportedMediaType));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted);
            return Take(document.RootElement.Clone(), known);
        }
        catch (JsonException)
        {
            throw new RefusedException(Problem.Invalid("body", "The body is not well-formed JSON."));
        }
    }

    /// <summary>An integer that must be there.</summary>
    /// <exception cref="RefusedException">It is missing, no integer, or out of range.</exception>
    public long Integer(string name, long smallest, long largest)
    {
        if (fields.TryGetValue(name, out var field) && field.ValueKind == JsonValueKind.Number
            && field.TryGetInt64(out var value) && value >= smallest && value <= largest)
        {
            return value;
        }

        var rule = string.Create(CultureInfo.InvariantCulture, $"{name} is an integer from {smallest} to {largest}");
        throw new RefusedException(Problem.Invalid(name, fields.ContainsKey(name) ? $"{rule}." : $"{rule}, and it is missing."));
    }

    /// <summary>A text that may be missing, or null.</summary>
    /// <exception cref="RefusedException">It is no text, or breaks the rule.</exception>
    public string? Text(string name, Func<string, bool> isValid, string rule)
    {
        if (!fields.TryGetValue(name, out var field) || field.ValueKind == JsonValueKind.Null)
            return null;
        return field.ValueKind == JsonValueKind.String && TextOf(field.GetString) is { } text && isValid(text)
            ? text
            : throw new RefusedException(Problem.Invalid(name, rule));
    }

    private static JsonFields Take(JsonElement body, string[] known)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new RefusedException(Problem.Invalid("body", $"The body is a JSON object with the members {string.Join(", ", known)}."));

        var taken = new JsonFields();
        foreach (var member in body.EnumerateObject())
        {
            var name = TextOf(() => member.Name);
            if (name is null || !known.Contains(name))
                throw new RefusedException(Problem.Invalid(name ?? "body", $"The body has an unknown member; known are {string.Join(", ", known)}."));
            if (!taken.fields.TryAdd(name, member.Value))
                throw new RefusedException(Problem.Invalid(name, $"{name} is given twice."));
        }

        return taken;
    }

    /// <summary>Null for what is no text: half of a surrogate pair, or bytes that are not UTF-8.</summary>
    private static string? TextOf(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
