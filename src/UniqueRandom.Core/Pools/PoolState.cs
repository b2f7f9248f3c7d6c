namespace UniqueRandom.Pools;

/// <summary>What a pool can do.</summary>
public enum PoolState
{
    /// <summary>Its permutation is being written, or the writing was cut off. It becomes <see cref="Open"/> all at once.</summary>
    Seeding = 0,

    /// <summary>Numbers can be drawn while enough of them are left.</summary>
    Open = 1,

    /// <summary>Ended for good: no number is drawn from it any more, and its seed is revealed.</summary>
    Closed = 2,

    /// <summary>Every number is drawn, and its seed is revealed. Never stored: it is an open pool whose cursor is at its end.</summary>
    Exhausted = 3,
}
