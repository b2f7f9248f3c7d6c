using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>A part of a pool: a range whose order has a seed and a commitment of its own. Immutable.</summary>
/// <remarks>A pool begins with one segment; each extension adds another one, which continues range and positions.</remarks>
/// <param name="First">The position in the pool at which it begins, 0-based.</param>
/// <param name="Range">Its numbers.</param>
/// <param name="Order">Whether its order is stored or computed.</param>
/// <param name="Commitment">The published hash that fixes its order.</param>
/// <param name="CreatedAt">When it was recorded, to the millisecond, UTC.</param>
public sealed record PoolSegment(
    long First, PoolRange Range, PoolOrder Order, Commitment Commitment, DateTimeOffset CreatedAt)
{
    /// <summary>Whether its numbers belong to the pool. Until then its order is being stored.</summary>
    public bool IsReady { get; init; } = true;

    /// <summary>How many numbers of its order are ready: the size of the range unless it is being stored.</summary>
    public long Seeded { get; init; } = Range.Size;

    /// <summary>Its seed, once all of its numbers are drawn or the pool is closed; otherwise null.</summary>
    public Seed? Seed { get; init; }

    /// <summary>Returns the segment as callers may see it: with its seed only if it has ended.</summary>
    internal PoolSegment Conceal(long cursor, bool isClosed) =>
        IsReady && (isClosed || cursor - First >= Range.Size) ? this : this with { Seed = null };
}
