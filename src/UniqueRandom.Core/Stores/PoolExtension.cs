using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>How a request to extend a pool ended.</summary>
public enum ExtensionOutcome
{
    /// <summary>The segment is recorded. If its order is stored, <see cref="IPoolStore.SeedAsync"/> makes it ready.</summary>
    Recorded = 1,

    /// <summary>An earlier request with the same key recorded it, and this one changed nothing.</summary>
    Replayed,

    /// <summary>No pool has the name.</summary>
    NotFound,

    /// <summary>The pool is closed.</summary>
    Closed,

    /// <summary>The order of the pool is not completely stored yet.</summary>
    Seeding,

    /// <summary>The segment of an earlier extension is not completely stored yet.</summary>
    Pending,

    /// <summary>The pool can't have this maximum; see <see cref="PoolExtension.Reason"/>.</summary>
    Invalid,

    /// <summary>The caller has used the key for another extension.</summary>
    KeyConflict,
}

/// <summary>The result of <see cref="IPoolStore.ExtendAsync"/>.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Pool">The pool after it; null if there is none, or if the key belongs to another request.</param>
/// <param name="Reason">One sentence that says which maximum is allowed; null unless it is invalid.</param>
public sealed record PoolExtension(ExtensionOutcome Outcome, Pool? Pool = null, string? Reason = null);
