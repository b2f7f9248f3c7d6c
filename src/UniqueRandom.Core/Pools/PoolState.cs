namespace UniqueRandom.Pools;

/// <summary>The state of a pool.</summary>
public enum PoolState
{
    /// <summary>Its permutation is not completely stored yet.</summary>
    Seeding = 0,

    /// <summary>Numbers can be drawn.</summary>
    Open = 1,

    /// <summary>Closed permanently: no more numbers are drawn, and the seed is revealed.</summary>
    Closed = 2,

    /// <summary>
    /// Every number is drawn, and the seed is revealed. Never stored: it is derived from an open pool's cursor.
    /// </summary>
    Exhausted = 3,
}
