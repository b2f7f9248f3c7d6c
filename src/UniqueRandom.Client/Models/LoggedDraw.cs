using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>
/// A line of the draw log: a draw, or neighboring draws of one caller within a second that have neither key nor reference.
/// </summary>
public sealed class LoggedDraw
{
    /// <summary>Gets the 0-based position of the first number in the order of the pool; the others follow it.</summary>
    public required long First { get; init; }

    /// <summary>Gets the numbers, in the order of their positions; 1 to 10,000.</summary>
    public required IReadOnlyList<long> Numbers { get; init; }

    /// <summary>Gets the code of each number; <see langword="null"/> if the pool has no codes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Codes { get; init; }

    /// <summary>Gets the time of the draw, in UTC, to the millisecond.</summary>
    public required DateTimeOffset DrawnAt { get; init; }

    /// <summary>Gets the reference that was given with the draw; <see langword="null"/> if there is none.</summary>
    public required string? Reference { get; init; }

    /// <summary>
    /// Gets the name of the access key that the numbers were drawn with; <see langword="null"/> on a server without keys.
    /// </summary>
    public required string? Caller { get; init; }

    /// <summary>Gets whether the draw had an idempotency key.</summary>
    [JsonPropertyName("keyed")]
    public required bool IsKeyed { get; init; }
}
