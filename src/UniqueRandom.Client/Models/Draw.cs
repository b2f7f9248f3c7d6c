using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>A draw: numbers that were handed out together, and that no other draw gets.</summary>
public sealed class Draw
{
    /// <summary>Gets the name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets the 0-based position of the first number in the order of the pool; the others follow it.</summary>
    public required long First { get; init; }

    /// <summary>Gets the numbers, in the order of their positions; as many as were requested.</summary>
    public required IReadOnlyList<long> Numbers { get; init; }

    /// <summary>Gets the code of each number; <see langword="null"/> if the pool has no codes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Codes { get; init; }

    /// <summary>Gets the time of the draw, in UTC, to the millisecond.</summary>
    public required DateTimeOffset DrawnAt { get; init; }

    /// <summary>Gets the reference that was given with the draw; <see langword="null"/> if there is none.</summary>
    public required string? Reference { get; init; }

    /// <summary>
    /// Gets whether an earlier request with the same idempotency key has drawn the numbers. Also <see langword="true"/> if the
    /// client has retried its own request because the first response was lost.
    /// </summary>
    [JsonPropertyName("replayed")]
    public required bool IsReplayed { get; init; }
}
