using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>The order that a pool must have.</summary>
internal sealed class AuditedOrder : IDisposable
{
    private readonly PoolRange range;
    private readonly Permutation? stored;
    private readonly ComputedNumbers? computed;

    private AuditedOrder(PoolRange range, Permutation? stored, ComputedNumbers? computed) =>
        (this.range, this.stored, this.computed) = (range, stored, computed);

    /// <summary>Computes the order of a pool.</summary>
    /// <exception cref="InsufficientMemoryException">Less memory is free than a stored order needs.</exception>
    public static AuditedOrder Of(AuditedPool pool, CancellationToken cancellationToken) => pool.Order == PoolOrder.Computed
        ? new AuditedOrder(pool.Range, null, new ComputedNumbers(pool.Range, pool.Seed))
        : new AuditedOrder(pool.Range, Permutation.Shuffle(pool.Seed, pool.Range.Size, cancellationToken), null);

    public long NumberAt(long position) =>
        computed?.NumberAt(position) ?? range.NumberAt(stored!.Offsets[(int)position]);

    public void Dispose()
    {
        stored?.Dispose();
        computed?.Dispose();
    }
}
