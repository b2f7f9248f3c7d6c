using System.Text.Json.Serialization;

namespace UniqueRandom.Audit;

/// <summary>The members of a line of a draw log that an audit reads.</summary>
public sealed record ExportedLine
{
    /// <summary>The 1-based number of the line, for messages.</summary>
    [JsonIgnore]
    public long Line { get; init; }

    /// <summary>The first position, 0-based.</summary>
    public required long First { get; init; }

    /// <summary>How many positions the line says that it has.</summary>
    public required long Count { get; init; }

    /// <summary>The numbers at the positions.</summary>
    public required IReadOnlyList<long> Numbers { get; init; }

    /// <summary>The codes of the numbers. Null if the line has none.</summary>
    public IReadOnlyList<string>? Codes { get; init; }
}

/// <remarks>Duplicate properties are refused, because readers differ in which one they use.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ExportedLine))]
internal sealed partial class ExportedLineContext : JsonSerializerContext;
