using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>Whether a code was issued, when, and for what.</summary>
public sealed class CodeStatus
{
    /// <summary>Gets the name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets the code as the pool writes it.</summary>
    public required string Code { get; init; }

    /// <summary>Gets whether the code was issued. If not, the other members are not set.</summary>
    [JsonPropertyName("issued")]
    public required bool IsIssued { get; init; }

    /// <summary>Gets the number of the code.</summary>
    public long? Number { get; init; }

    /// <summary>Gets the time of the draw, in UTC, to the millisecond.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Gets the reference of the draw; <see langword="null"/> if there is none.</summary>
    public string? Reference { get; init; }
}
