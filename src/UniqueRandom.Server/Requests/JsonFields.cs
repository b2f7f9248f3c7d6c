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

    /// <summary>What precedes the names of the members in problems.</summary>
    private readonly string path;

    private JsonFields(string path) => this.path = path;

    /// <summary>Reads a body that has only known members.</summary>
    /// <exception cref="RefusedException">The body is not a JSON object, or has an unknown or duplicate member.</exception>
    public static async ValueTask<JsonFields> ReadAsync(HttpRequest request, params string[] known)
    {
        if (!IsOfType(request, MediaTypeNames.Application.Json))
            throw new RefusedException(Problem.FromStatus(StatusCodes.Status415UnsupportedMediaType));
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted);
            return Parse(document.RootElement.Clone(), "body", "", known);
        }
        catch (JsonException)
        {
            throw NotWellFormed("body");
        }
    }

    /// <summary>Reads the first line of a body, which has only known members.</summary>
    /// <exception cref="RefusedException">The line is not a JSON object, or has an unknown or duplicate member.</exception>
    public static JsonFields Read(ReadOnlyMemory<byte> line, params string[] known)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Parse(document.RootElement.Clone(), "body", "", known);
        }
        catch (JsonException)
        {
            throw NotWellFormed("first line");
        }
    }

    /// <summary>Whether a request has a body of a type, in UTF-8.</summary>
    public static bool IsOfType(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a required integer.</summary>
    /// <exception cref="RefusedException">The member is missing, not an integer, or out of range.</exception>
    public long Integer(string name, long smallest, long largest)
    {
        if (fields.TryGetValue(name, out var field) && field.ValueKind == JsonValueKind.Number
            && field.TryGetInt64(out var value) && value >= smallest && value <= largest)
        {
            return value;
        }

        var rule = Rules.Integer(path + name, smallest, largest);
        throw Invalid(name, fields.ContainsKey(name) ? rule : $"{rule} It is missing.");
    }

    /// <summary>Reads an optional integer; null when it is missing or null.</summary>
    /// <exception cref="RefusedException">The member is not an integer, or out of range.</exception>
    public long? OptionalInteger(string name, long smallest, long largest) =>
        Find(name) is null ? null : Integer(name, smallest, largest);

    /// <summary>Reads an optional Boolean; false when it is missing or null.</summary>
    /// <exception cref="RefusedException">The member is not a Boolean.</exception>
    public bool Flag(string name) => Find(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Invalid(name, $"{path}{name} must be true or false."),
    };

    /// <summary>Reads an optional string; null when it is missing or null.</summary>
    /// <exception cref="RefusedException">The member is not a string, or not valid.</exception>
    public string? Text(string name, Func<string, bool> isValid, string rule)
    {
        if (Find(name) is not { } field)
            return null;
        return field.ValueKind == JsonValueKind.String && TryRead(field.GetString) is { } text && isValid(text)
            ? text
            : throw Invalid(name, rule);
    }

    /// <summary>Reads an optional object that has only known members; null when it is missing or null.</summary>
    /// <exception cref="RefusedException">The member is not an object, or has an unknown or duplicate member.</exception>
    public JsonFields? Object(string name, params string[] known) =>
        Find(name) is { } field ? Parse(field, path + name, $"{path}{name}.", known) : null;

    private JsonElement? Find(string name) =>
        fields.TryGetValue(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private RefusedException Invalid(string name, string rule) => new(Problem.Invalid(path + name, rule));

    private static RefusedException NotWellFormed(string part) =>
        new(Problem.Invalid("body", $"The {part} is not well-formed JSON."));

    private static JsonFields Parse(JsonElement value, string what, string path, string[] known)
    {
        var allowed = string.Join(", ", known);
        var subject = path.Length == 0 ? $"The {what}" : what;
        if (value.ValueKind != JsonValueKind.Object)
            throw new RefusedException(Problem.Invalid(what, $"{subject} must be a JSON object with the members {allowed}."));

        var parsed = new JsonFields(path);
        foreach (var member in value.EnumerateObject())
        {
            var name = TryRead(() => member.Name);
            if (name is null || !known.Contains(name))
            {
                throw new RefusedException(Problem.Invalid(
                    name is null ? what : path + name, $"{subject} has an unknown member; allowed are {allowed}."));
            }

            if (!parsed.fields.TryAdd(name, member.Value))
                throw parsed.Invalid(name, $"{path}{name} must be given once.");
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
