using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>Whether a number was drawn, and by which draw. The position of a number that is not drawn is secret.</summary>
public sealed class NumberStatus
{
    /// <summary>Gets the name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets the number.</summary>
    public required long Number { get; init; }

    /// <summary>Gets the code of a drawn number; <see langword="null"/> if the pool has no codes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>Gets whether the number was drawn. If not, the other members are not set.</summary>
    [JsonPropertyName("drawn")]
    public required bool IsDrawn { get; init; }

    /// <summary>Gets the 0-based position of the number in the order of the pool.</summary>
    public long? Position { get; init; }

    /// <summary>Gets the time of the draw, in UTC, to the millisecond.</summary>
    public DateTimeOffset? DrawnAt { get; init; }

    /// <summary>Gets the reference of the draw; <see langword="null"/> if there is none.</summary>
    public string? Reference { get; init; }

    /// <summary>
    /// Gets the name of the access key that the number was drawn with; <see langword="null"/> on a server without keys.
    /// </summary>
    public string? Caller { get; init; }

    /// <summary>Gets whether the draw had an idempotency key.</summary>
    [JsonPropertyName("keyed")]
    public bool IsKeyed { get; init; }
}
