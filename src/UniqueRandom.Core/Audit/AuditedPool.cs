using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>A pool that has ended, as its operator describes it: what an audit holds its exported log against.</summary>
/// <param name="Range">Its numbers.</param>
/// <param name="Seed">The seed it was said to have; an audit believes it only if it gives <paramref name="Published"/>.</param>
/// <param name="Published">The commitment published before the first draw; null when there is none to compare with.</param>
/// <param name="Drawn">How many positions the pool says it has drawn; null when it is not known where the log has to end.</param>
public sealed record AuditedPool(PoolRange Range, Seed Seed, Commitment? Published, long? Drawn);
