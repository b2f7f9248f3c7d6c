using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>A part of a pool: the range with which it was created, or one that was added. Times are in UTC.</summary>
public sealed class PoolSegment
{
    /// <summary>Gets the position at which it begins, 0-based.</summary>
    public required long First { get; init; }

    /// <summary>Gets the smallest number.</summary>
    public required long Minimum { get; init; }

    /// <summary>Gets the largest number.</summary>
    public required long Maximum { get; init; }

    /// <summary>Gets how many numbers the range has.</summary>
    public required long Size { get; init; }

    /// <summary>Gets whether its order is stored or computed.</summary>
    public required PoolOrder Order { get; init; }

    /// <summary>Gets how many numbers of its order are ready.</summary>
    public required long Seeded { get; init; }

    /// <summary>Gets whether its numbers belong to the pool.</summary>
    [JsonPropertyName("ready")]
    public required bool IsReady { get; init; }

    /// <summary>Gets the hash of its seed and its range, 64 hexadecimal digits.</summary>
    public required string Commitment { get; init; }

    /// <summary>
    /// Gets its seed, 64 hexadecimal digits; <see langword="null"/> until all of its numbers are drawn or the pool is closed.
    /// </summary>
    public required string? Seed { get; init; }

    /// <summary>Gets the time at which it was recorded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
