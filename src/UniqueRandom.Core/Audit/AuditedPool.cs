using UniqueRandom.Codes;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>A pool to audit whose seed is revealed, as its operator describes it.</summary>
/// <param name="Range">The range of the pool; of an extended one, that of the first segment.</param>
/// <param name="Seed">The revealed seed. The audit checks it against <paramref name="Published"/>.</param>
/// <param name="Published">
/// The commitment that was published before the first draw; null if there is none to compare with.
/// </param>
/// <param name="Drawn">How many positions are drawn; null if it is not known where the log must end.</param>
/// <param name="Order">Whether the order is stored, the default, or computed.</param>
public sealed record AuditedPool(
    PoolRange Range, Seed Seed, Commitment? Published, long? Drawn, PoolOrder Order = PoolOrder.Stored)
{
    /// <summary>The numbers that were imported into a stored order. Null, the default, for none.</summary>
    public ImportedList? Imported { get; init; }

    /// <summary>How the numbers are written as codes. Null, the default, for none.</summary>
    public CodeFormat? Code { get; init; }

    /// <summary>The segments that were added to the first one, in their order; none by default.</summary>
    public IReadOnlyList<AuditedSegment> Extensions { get; init; } = [];

    /// <summary>
    /// How many segments, from the first one on, have a commitment that was published apart from the status; null, the default,
    /// if that is not known.
    /// </summary>
    public int? PublishedCount { get; init; }

    /// <summary>Gets all segments.</summary>
    internal IReadOnlyList<AuditedSegment> Segments =>
        [new(Range, Seed, Published, Order) { Imported = Imported }, .. Extensions];
}
