namespace UniqueRandom.Draws;

/// <summary>How a draw ended.</summary>
public enum DrawOutcomeKind
{
    /// <summary>The caller has the numbers, durably: now, or since an earlier draw with the same key.</summary>
    Drawn = 1,

    /// <summary>The pool has fewer numbers left than the count. Nothing was taken.</summary>
    Exhausted,

    /// <summary>No pool has the name. Nothing was taken.</summary>
    PoolNotFound,

    /// <summary>The pool is closed. Nothing was taken.</summary>
    PoolClosed,

    /// <summary>The pool's permutation is not completely stored yet. Nothing was taken.</summary>
    PoolSeeding,

    /// <summary>The caller has used the key for another request. Nothing was taken.</summary>
    KeyConflict,

    /// <summary>Too many draws are waiting. Nothing was taken, and the draw did not reach the store.</summary>
    QueueFull,
}
