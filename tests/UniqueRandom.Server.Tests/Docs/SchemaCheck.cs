using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>
/// Validates the part of JSON Schema that the OpenAPI description uses. An unknown keyword fails the test.
/// </summary>
internal sealed class SchemaCheck(ApiDescription description)
{
    /// <summary>Returns the first violation of the schema in a value; null if there is none.</summary>
    public string? Violation(JsonElement schema, JsonElement value, string at = "$") =>
        First(schema.EnumerateObject().Select(keyword => Violation(schema, keyword, value, at)));

    /// <summary>Returns the first violation in a body: JSON, or text that may contain a JSON value on each line.</summary>
    public string? Violation(JsonElement schema, string body, string mediaType)
    {
        if (mediaType.EndsWith("json", StringComparison.Ordinal) && mediaType != "application/x-ndjson")
            return Violation(schema, JsonElement.Parse(body));
        if (Violation(schema, JsonSerializer.SerializeToElement(body)) is { } violation)
            return violation;
        if (!schema.TryGetProperty("contentSchema", out var line))
            return null;
        var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return First(lines.Select((text, number) => Violation(line, JsonElement.Parse(text), $"line {number}")));
    }

    private string? Violation(JsonElement schema, JsonProperty keyword, JsonElement value, string at) => keyword.Name switch
    {
        "$ref" => Violation(description.Resolve(schema), value, at),
        "allOf" => First(keyword.Value.EnumerateArray().Select(part => Violation(part, value, at))),
        "oneOf" when keyword.Value.EnumerateArray().Count(part => Violation(part, value, at) is null) == 1 => null,
        "items" when value.ValueKind == JsonValueKind.Array =>
            First(value.EnumerateArray().Select((item, index) => Violation(keyword.Value, item, $"{at}[{index}]"))),
        "properties" when value.ValueKind == JsonValueKind.Object =>
            First(value.EnumerateObject().Select(member =>
                keyword.Value.TryGetProperty(member.Name, out var rule)
                ? Violation(rule, member.Value, $"{at}.{member.Name}")
                : null)),
        "additionalProperties" when value.ValueKind == JsonValueKind.Object && !keyword.Value.GetBoolean() =>
            First(value.EnumerateObject().Select(member =>
                schema.GetProperty("properties").TryGetProperty(member.Name, out _)
                ? null
                : $"{at}.{member.Name} is not described")),
        "items" or "properties" or "additionalProperties" => null,
        _ => Holds(keyword.Name, keyword.Value, value) ? null : $"{at} breaks {keyword}: {value}",
    };

    private static bool Holds(string keyword, JsonElement rule, JsonElement value) => (keyword, value.ValueKind) switch
    {
        ("type", _) =>
            rule.ValueKind == JsonValueKind.Array
            ? rule.EnumerateArray().Any(type => IsOfType(type, value))
            : IsOfType(rule, value),
        ("const", _) => JsonElement.DeepEquals(rule, value),
        ("enum", _) => rule.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)),
        ("required", JsonValueKind.Object) => rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        ("minItems", JsonValueKind.Array) => value.GetArrayLength() >= rule.GetInt32(),
        ("maxItems", JsonValueKind.Array) => value.GetArrayLength() <= rule.GetInt32(),
        ("uniqueItems", JsonValueKind.Array) =>
            value.EnumerateArray().DistinctBy(item => item.GetRawText()).Count() == value.GetArrayLength(),
        ("minLength", JsonValueKind.String) => value.GetString()!.Length >= rule.GetInt32(),
        ("maxLength", JsonValueKind.String) => value.GetString()!.Length <= rule.GetInt32(),
        ("pattern", JsonValueKind.String) => Regex.IsMatch(value.GetString()!, rule.GetString()!),
        ("minimum", JsonValueKind.Number) => value.GetDecimal() >= rule.GetDecimal(),
        ("maximum", JsonValueKind.Number) => value.GetDecimal() <= rule.GetDecimal(),
        ("format", JsonValueKind.Number) =>
            rule.GetString() switch { "int32" => value.TryGetInt32(out _), "int64" => value.TryGetInt64(out _), _ => true },
        ("format", JsonValueKind.String) =>
            rule.GetString() != "date-time" || DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _),
        ("required" or "minItems" or "maxItems" or "uniqueItems" or "minLength" or "maxLength"
         or "pattern" or "minimum" or "maximum" or "format", _) => true,
        ("description" or "examples" or "default" or "contentMediaType" or "contentSchema", _) => true,
        ("oneOf", _) => false,
        _ => throw new NotSupportedException($"The tests do not know the schema keyword '{keyword}'."),
    };

    private static bool IsOfType(JsonElement type, JsonElement value) => type.GetString() switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        var kind => value.ValueKind.ToString().Equals(kind, StringComparison.OrdinalIgnoreCase),
    };

    private static string? First(IEnumerable<string?> violations) =>
        violations.FirstOrDefault(violation => violation is not null);
}
