using System.Text.Json.Serialization;

namespace UniqueRandom.Client.Models;

/// <summary>The state, the speed and the expected exhaustion of a pool. Times are in UTC, to the millisecond.</summary>
public sealed class PoolStatus
{
    /// <summary>Gets the name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets the smallest number.</summary>
    public required long Minimum { get; init; }

    /// <summary>Gets the largest number.</summary>
    public required long Maximum { get; init; }

    /// <summary>Gets how many numbers the pool has.</summary>
    public required long Size { get; init; }

    /// <summary>Gets whether the order is stored or computed.</summary>
    public PoolOrder Order { get; init; } = PoolOrder.Stored;

    /// <summary>Gets how the numbers are written as codes; <see langword="null"/> if the pool has no codes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CodeFormat? Code { get; init; }

    /// <summary>
    /// Gets how many codes one has to try on average to find an issued one; <see langword="null"/> if none is issued, or the pool
    /// has no codes.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? GuessesPerHit { get; init; }

    /// <summary>Gets the state.</summary>
    public required PoolState State { get; init; }

    /// <summary>Gets how many numbers of the order are ready; below <see cref="Size"/> only while seeding.</summary>
    public required long Seeded { get; init; }

    /// <summary>Gets how many numbers are drawn.</summary>
    public required long Drawn { get; init; }

    /// <summary>Gets how many numbers are not drawn.</summary>
    public required long Remaining { get; init; }

    /// <summary>
    /// Gets how many numbers were imported, which are the first drawn ones; <see langword="null"/> if there are none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Imported { get; init; }

    /// <summary>
    /// Gets the SHA-256 of the imported numbers in ascending order, in decimal, each followed by a line feed, 64 hexadecimal
    /// digits; <see langword="null"/> if there are none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ImportedSha256 { get; init; }

    /// <summary>
    /// Gets the hash of seed, range and imported numbers that fixes the order before the first draw, 64 hexadecimal digits.
    /// </summary>
    public required string Commitment { get; init; }

    /// <summary>
    /// Gets the seed of the order, 64 hexadecimal digits; <see langword="null"/> until the pool is closed or exhausted. Of an
    /// extended pool, the seed of the first segment; <see langword="null"/> until all of its numbers are drawn or the pool is
    /// closed. Only a key with the role <c>admin</c> reads the seed of a pool with codes.
    /// </summary>
    public required string? Seed { get; init; }

    /// <summary>Gets the time at which the pool was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the time at which the pool was closed; <see langword="null"/> if it was not.</summary>
    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Gets the draws a second, over the last minute.</summary>
    public required double DrawsPerSecond { get; init; }

    /// <summary>Gets the numbers a second, over the last minute.</summary>
    public required double NumbersPerSecond { get; init; }

    /// <summary>
    /// Gets the time at which the last number will be drawn at this pace; <see langword="null"/> if there were no draws in the
    /// last minute, or the pool is not open.
    /// </summary>
    public required DateTimeOffset? ExhaustionExpectedAt { get; init; }

    /// <summary>
    /// Gets the segments of the pool: the range that it was created with, and one for each extension. <see cref="Order"/>,
    /// <see cref="Commitment"/> and <see cref="Seed"/> are those of the first segment. <see langword="null"/> if the pool was
    /// never extended.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PoolSegment>? Segments { get; init; }
}
