using System.Net.Mime;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Requests;

/// <summary>
/// Reads the members of a JSON body. A serializer would not report which member is unknown, duplicate, of the wrong type or out
/// of range, and what is allowed.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> fields = new(StringComparer.Ordinal);

    private JsonFields()
    {
    }

    /// <summary>Reads a body that has only known members.</summary>
    /// <exception cref="RefusedException">The body is not a JSON object, or has an unknown or duplicate member.</exception>
    public static async ValueTask<JsonFields> ReadAsync(HttpRequest request, params string[] known)
    {
        if (!IsJson(request))
            throw new RefusedException(Problem.FromStatus(StatusCodes.Status415UnsupportedMediaType));
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted);
            return Parse(document.RootElement.Clone(), known);
        }
        catch (JsonException)
        {
            throw new RefusedException(Problem.Invalid("body", "The body is not well-formed JSON."));
        }
    }

    /// <summary>Reads a required integer.</summary>
    /// <exception cref="RefusedException">The member is missing, not an integer, or out of range.</exception>
    public long Integer(string name, long smallest, long largest)
    {
        if (fields.TryGetValue(name, out var field) && field.ValueKind == JsonValueKind.Number
            && field.TryGetInt64(out var value) && value >= smallest && value <= largest)
        {
            return value;
        }

        var rule = Rules.Integer(name, smallest, largest);
        throw new RefusedException(Problem.Invalid(name, fields.ContainsKey(name) ? rule : $"{rule} It is missing."));
    }

    /// <summary>Reads an optional string; null when it is missing or null.</summary>
    /// <exception cref="RefusedException">The member is not a string, or not valid.</exception>
    public string? Text(string name, Func<string, bool> isValid, string rule)
    {
        if (!fields.TryGetValue(name, out var field) || field.ValueKind == JsonValueKind.Null)
            return null;
        return field.ValueKind == JsonValueKind.String && TryRead(field.GetString) is { } text && isValid(text)
            ? text
            : throw new RefusedException(Problem.Invalid(name, rule));
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static JsonFields Parse(JsonElement body, string[] known)
    {
        var allowed = string.Join(", ", known);
        if (body.ValueKind != JsonValueKind.Object)
            throw new RefusedException(Problem.Invalid("body", $"The body must be a JSON object with the members {allowed}."));

        var parsed = new JsonFields();
        foreach (var member in body.EnumerateObject())
        {
            var name = TryRead(() => member.Name);
            if (name is null || !known.Contains(name))
            {
                throw new RefusedException(
                    Problem.Invalid(name ?? "body", $"The body has an unknown member; allowed are {allowed}."));
            }

            if (!parsed.fields.TryAdd(name, member.Value))
                throw new RefusedException(Problem.Invalid(name, $"{name} must be given once."));
        }

        return parsed;
    }

    /// <summary>Returns null for invalid text: half of a surrogate pair, or bytes that are not UTF-8.</summary>
    private static string? TryRead(Func<string?> read)
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
