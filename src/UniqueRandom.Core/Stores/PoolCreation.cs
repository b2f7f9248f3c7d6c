using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>The result of <see cref="IPoolStore.CreateAsync"/>.</summary>
/// <param name="Pool">The pool that has the name. If it is not new, its range may differ from the requested one.</param>
/// <param name="IsNew">Whether it was recorded by this call.</param>
public readonly record struct PoolCreation(Pool Pool, bool IsNew);
