using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>Specifies whether the order of a pool is stored or computed.</summary>
public enum PoolOrder
{
    /// <summary>A uniform shuffle, stored when the pool is created: <see cref="Permutation"/>. The default.</summary>
    Stored = 0,

    /// <summary>A keyed permutation of which nothing is stored: <see cref="ComputedPermutation"/>.</summary>
    Computed = 1,
}
