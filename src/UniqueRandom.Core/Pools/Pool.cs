using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>A pool at one moment. Immutable.</summary>
/// <param name="Definition">The name and the range.</param>
/// <param name="State">The state.</param>
/// <param name="Cursor">
/// How many positions are drawn, 0 to the size of the range. The next draw begins at this position. 0 while
/// <see cref="PoolState.Seeding"/>.
/// </param>
/// <param name="Commitment">The published hash that fixes the order.</param>
/// <param name="CreatedAt">When the pool was created, to the millisecond, UTC.</param>
public sealed record Pool(
    PoolDefinition Definition, PoolState State, long Cursor, Commitment Commitment, DateTimeOffset CreatedAt)
{
    /// <summary>
    /// How many numbers of the order are ready: the size of the range unless <see cref="PoolState.Seeding"/>.
    /// </summary>
    public long Seeded { get; init; } = Definition.Range.Size;

    /// <summary>The seed of a <see cref="PoolState.Closed"/> or <see cref="PoolState.Exhausted"/> pool; otherwise null.</summary>
    public Seed? Seed { get; init; }

    /// <summary>When the pool was closed, to the millisecond, UTC; null unless closed.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How many numbers are left.</summary>
    public long Remaining => Definition.Range.Size - Cursor;

    /// <summary>Creates a pool from its stored row. The seed stays hidden until the pool is closed or exhausted.</summary>
    /// <param name="definition">The name and the range.</param>
    /// <param name="stored">The stored state: seeding, open or closed.</param>
    /// <param name="cursor">
    /// How many positions are drawn. A restore may have given up positions of a pool that is seeding; they count once it is open.
    /// </param>
    /// <param name="seed">The stored seed.</param>
    /// <param name="commitment">The published hash.</param>
    /// <param name="createdAt">When the pool was created.</param>
    public static Pool FromStore(
        PoolDefinition definition, PoolState stored, long cursor, Seed seed, Commitment commitment, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var state = stored == PoolState.Open && cursor == definition.Range.Size ? PoolState.Exhausted : stored;
        return new Pool(definition, state, state == PoolState.Seeding ? 0 : cursor, commitment, createdAt)
        {
            Seed = state is PoolState.Closed or PoolState.Exhausted ? seed : null,
        };
    }
}
