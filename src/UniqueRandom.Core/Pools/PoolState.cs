namespace UniqueRandom.Pools;

/// <summary>What a pool can do.</summary>
public enum PoolState
{
    /// <summary>Its permutation is being written. It becomes <see cref="Open"/> all at once, or a crash leaves no pool.</summary>
    Seeding = 0,

    /// <summary>Numbers can be drawn while any are left.</summary>
    Open = 1,

    /// <summary>Ended for good: no number is drawn from it any more, and its seed may be revealed.</summary>
    Closed = 2,
}
