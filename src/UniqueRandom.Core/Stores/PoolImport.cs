using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>The numbers of a new pool that were handed out elsewhere.</summary>
/// <param name="Numbers">The offsets of the numbers in the range of the pool. The caller disposes them.</param>
/// <param name="List">What <see cref="ImportedList.Of"/> says of them.</param>
/// <param name="Caller">The name of the access key of whoever imports them. Null without one.</param>
public sealed record PoolImport(OffsetSet Numbers, ImportedList List, string? Caller);
