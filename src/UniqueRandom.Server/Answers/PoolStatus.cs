using System.Text.Json.Serialization;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;

namespace UniqueRandom.Server.Answers;

/// <summary>
/// The body of GET /pools/{pool}. GuessesPerHit says how many codes one has to try on average to find an issued one; it is
/// missing if none is issued, and so is Code if the pool has no codes, what was imported if nothing was, and Segments if it was
/// never extended.
/// </summary>
internal sealed record PoolStatus(
    string Pool,
    long Minimum,
    long Maximum,
    long Size,
    PoolOrder Order,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PoolCode? Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? GuessesPerHit,
    PoolState State,
    long Seeded,
    long Drawn,
    long Remaining,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Imported,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ImportedSha256,
    string Commitment,
    string? Seed,
    DateTime CreatedAt,
    DateTime? ClosedAt,
    double DrawsPerSecond,
    double NumbersPerSecond,
    DateTime? ExhaustionExpectedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SegmentStatus>? Segments)
{
    public static PoolStatus Of(Pool pool, DrawPace pace, DateTimeOffset now) => new(
        pool.Definition.Name,
        pool.Definition.Range.Minimum,
        pool.Definition.Range.Maximum,
        pool.Definition.Range.Size,
        pool.Definition.Order,
        PoolCode.Of(pool.Definition.Code),
        GuessesOf(pool),
        pool.State,
        pool.Seeded,
        pool.Cursor,
        pool.Remaining,
        pool.Imported?.Count,
        pool.Imported?.Sha256,
        pool.Commitment.ToString(),
        pool.Seed?.Reveal(),
        pool.CreatedAt.UtcDateTime,
        pool.ClosedAt?.UtcDateTime,
        Math.Round(pace.DrawsPerSecond, 3),
        Math.Round(pace.NumbersPerSecond, 3),
        pool.State == PoolState.Open ? pace.ExhaustionOf(pool.Remaining, now)?.UtcDateTime : null,
        pool.Extensions.Count > 0 ? [.. pool.Segments.Select(SegmentStatus.Of)] : null);

    // The check symbol doesn't count: whoever guesses can compute it.
    private static long? GuessesOf(Pool pool) =>
        pool.Definition.Code is not null && pool.Cursor > 0 ? pool.Definition.Range.Size / pool.Cursor : null;
}

/// <summary>A segment of a pool.</summary>
/// <param name="First">The position at which it begins.</param>
/// <param name="Minimum">Its smallest number.</param>
/// <param name="Maximum">Its largest number.</param>
/// <param name="Size">How many numbers it has.</param>
/// <param name="Order">The kind of its order.</param>
/// <param name="Seeded">How many numbers of its order are ready.</param>
/// <param name="IsReady">Whether it belongs to the pool.</param>
/// <param name="Commitment">The published hash.</param>
/// <param name="Seed">Its seed, once it or the pool has ended.</param>
/// <param name="CreatedAt">When it was recorded.</param>
internal sealed record SegmentStatus(
    long First,
    long Minimum,
    long Maximum,
    long Size,
    PoolOrder Order,
    long Seeded,
    [property: JsonPropertyName("ready")] bool IsReady,
    string Commitment,
    string? Seed,
    DateTime CreatedAt)
{
    public static SegmentStatus Of(PoolSegment segment) => new(
        segment.First,
        segment.Range.Minimum,
        segment.Range.Maximum,
        segment.Range.Size,
        segment.Order,
        segment.Seeded,
        segment.IsReady,
        segment.Commitment.ToString(),
        segment.Seed?.Reveal(),
        segment.CreatedAt.UtcDateTime);
}

/// <summary>The body of GET /pools.</summary>
/// <param name="Pools">A page of the pools, ordered by name.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
internal sealed record PoolList(IReadOnlyList<PoolStatus> Pools, string? Next);
