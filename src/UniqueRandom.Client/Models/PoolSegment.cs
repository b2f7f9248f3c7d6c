using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>
/// A part of a pool with an order, a seed and a commitment of its own. A pool begins with one, and each extension adds another
/// one. Times are in UTC.
/// </summary>
public sealed class PoolSegment
{
    /// <summary>Gets the position at which it begins, 0-based.</summary>
    public required long First { get; init; }

    /// <summary>Gets the smallest number.</summary>
    public required long Minimum { get; init; }

    /// <summary>Gets the largest number.</summary>
    public required long Maximum { get; init; }

    /// <summary>Gets how many numbers it has.</summary>
    public required long Size { get; init; }

    /// <summary>Gets whether its order is stored or computed.</summary>
    public required PoolOrder Order { get; init; }

    /// <summary>Gets how many numbers of its order are stored; all of them if the order is computed.</summary>
    public required long Seeded { get; init; }

    /// <summary>Gets whether its numbers belong to the pool.</summary>
    [JsonPropertyName("ready")]
    public required bool IsReady { get; init; }

    /// <summary>
    /// Gets the hash of its seed and its range, and of the imported numbers of the first segment, 64 hexadecimal digits.
    /// </summary>
    public required string Commitment { get; init; }

    /// <summary>
    /// Gets its seed, 64 hexadecimal digits; <see langword="null"/> until all of its numbers are drawn or the pool is closed.
    /// </summary>
    public required string? Seed { get; init; }

    /// <summary>Gets the time at which it was recorded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
