using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>A segment of a pool to audit, as its operator describes it.</summary>
/// <param name="Range">The range.</param>
/// <param name="Seed">The revealed seed; null if it is not revealed yet, so that its numbers can't be compared.</param>
/// <param name="Published">The commitment that was published before the first draw of the segment.</param>
/// <param name="Order">Whether the order is stored or computed.</param>
public sealed record AuditedSegment(PoolRange Range, Seed? Seed, Commitment? Published, PoolOrder Order)
{
    /// <summary>The numbers that were imported; null for none. Only the first segment of a pool has some.</summary>
    internal ImportedList? Imported { get; init; }
}
