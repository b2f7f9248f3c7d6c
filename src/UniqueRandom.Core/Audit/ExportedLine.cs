using System.Text.Json.Serialization;

namespace UniqueRandom.Audit;

/// <summary>The members of one line of an exported log that an audit reads.</summary>
internal sealed record ExportedLine
{
    /// <summary>The 1-based number of the line, for messages.</summary>
    [JsonIgnore]
    public long Line { get; init; }

    public required long First { get; init; }

    public required long Count { get; init; }

    public required long[] Numbers { get; init; }
}

/// <remarks>Duplicate properties are refused, because readers differ in which one they use.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ExportedLine))]
internal sealed partial class ExportedLineContext : JsonSerializerContext;
