using System.Text.Json.Serialization;

namespace UniqueRandom.Audit;

/// <summary>What an audit looks at in one line of an exported log; it passes over references, callers and times.</summary>
internal sealed record ExportedLine
{
    /// <summary>1-based, for messages.</summary>
    [JsonIgnore]
    public long Line { get; init; }

    public required long First { get; init; }

    public required long Count { get; init; }

    public required long[] Numbers { get; init; }
}

/// <remarks>A property given twice is refused: another reader might believe the other one.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ExportedLine))]
internal sealed partial class ExportedLineContext : JsonSerializerContext;
