using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>A pool as it stood at one moment. Immutable.</summary>
/// <param name="Definition">Name and range.</param>
/// <param name="State">What the pool can do.</param>
/// <param name="Cursor">How many positions are drawn: the next draw begins at this position. 0 to the size of the range.</param>
/// <param name="Commitment">The published hash that fixes the order.</param>
/// <param name="CreatedAt">When the pool was created, to the millisecond, UTC.</param>
public sealed record Pool(PoolDefinition Definition, PoolState State, int Cursor, Commitment Commitment, DateTimeOffset CreatedAt)
{
    /// <summary>How many numbers of its permutation are stored: the size of the range, but while the pool is <see cref="PoolState.Seeding"/>.</summary>
    public int Seeded { get; init; } = Definition.Range.Size;

    /// <summary>The seed, once the pool is <see cref="PoolState.Closed"/> or <see cref="PoolState.Exhausted"/>; null until then.</summary>
    public Seed? Seed { get; init; }

    /// <summary>When the pool was closed, to the millisecond, UTC; null until then.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How many numbers are left.</summary>
    public int Remaining => Definition.Range.Size - Cursor;
}
