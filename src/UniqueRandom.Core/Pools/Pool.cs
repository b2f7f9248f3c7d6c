using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>A pool as it stood at one moment. Immutable.</summary>
/// <param name="Definition">Name and range.</param>
/// <param name="State">What the pool can do.</param>
/// <param name="Cursor">How many positions are drawn: the next draw begins at this position. 0 to the size of the range.</param>
/// <param name="Commitment">The published hash that fixes the order.</param>
/// <param name="CreatedAt">When the pool was created, to the millisecond, UTC.</param>
public sealed record Pool(PoolDefinition Definition, PoolState State, long Cursor, Commitment Commitment, DateTimeOffset CreatedAt)
{
    /// <summary>How many numbers of its permutation are stored: the size of the range, but while the pool is <see cref="PoolState.Seeding"/>.</summary>
    public long Seeded { get; init; } = Definition.Range.Size;

    /// <summary>The seed, once the pool is <see cref="PoolState.Closed"/> or <see cref="PoolState.Exhausted"/>; null until then.</summary>
    public Seed? Seed { get; init; }

    /// <summary>When the pool was closed, to the millisecond, UTC; null until then.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How many numbers are left.</summary>
    public long Remaining => Definition.Range.Size - Cursor;

    /// <summary>A pool as a store may tell it: <see cref="PoolState.Exhausted"/> when nothing is left, and its seed not before it has ended.</summary>
    /// <param name="definition">Name and range.</param>
    /// <param name="stored">Seeding, open or closed.</param>
    /// <param name="cursor">How many positions are drawn.</param>
    /// <param name="seed">The seed, secret or not.</param>
    /// <param name="commitment">The published hash.</param>
    /// <param name="createdAt">When it was created.</param>
    public static Pool FromStore(PoolDefinition definition, PoolState stored, long cursor, Seed seed, Commitment commitment, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var state = stored == PoolState.Open && cursor == definition.Range.Size ? PoolState.Exhausted : stored;
        return new Pool(definition, state, cursor, commitment, createdAt) { Seed = state is PoolState.Closed or PoolState.Exhausted ? seed : null };
    }
}
