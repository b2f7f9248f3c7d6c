using System.Globalization;
using UniqueRandom.Pools;

namespace UniqueRandom.Stores;

/// <summary>A request to add a segment to the end of a pool.</summary>
/// <param name="Pool">The name of the pool.</param>
/// <param name="Maximum">The largest number of the pool after the extension.</param>
/// <param name="Order">The kind of order of the segment; null, the default, for that of the pool.</param>
/// <param name="Key">
/// The Idempotency-Key: a caller that extends again with the same key adds nothing. Independent of the keys of draws. Default
/// none.
/// </param>
/// <param name="Caller">The name of the caller's access key. Null or empty without one.</param>
public sealed record ExtensionRequest(
    string Pool, long Maximum, PoolOrder? Order = null, string? Key = null, string? Caller = null)
{
    /// <summary>How many segments a pool can have, the first one included: 100. Each status lists them all.</summary>
    public const int MaximumSegments = 100;

    /// <summary>The name of the caller's access key; empty without one.</summary>
    public string Caller { get; } = Caller ?? "";

    /// <summary>Checks whether a pool can be extended so.</summary>
    /// <returns>The refusal; null if it can.</returns>
    public PoolExtension? Refuse(Pool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        if (pool.State is PoolState.Closed or PoolState.Seeding)
            return new PoolExtension(pool.State == PoolState.Closed ? ExtensionOutcome.Closed : ExtensionOutcome.Seeding, pool);
        if (Validate(pool.Definition, pool.Segments.Count) is { } error)
            return new PoolExtension(ExtensionOutcome.Invalid, pool, error);
        return pool.Pending is null ? null : new PoolExtension(ExtensionOutcome.Pending, pool);
    }

    /// <summary>Gets the new segment, as a pool of its own with the same name.</summary>
    /// <param name="pool">A pool that can be extended so.</param>
    public PoolDefinition PartOf(PoolDefinition pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return pool with { Range = new PoolRange(pool.Range.Maximum + 1, Maximum), Order = Order ?? pool.Order };
    }

    /// <summary>Whether an earlier extension of the pool, with the same key, was the same request.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="maximum">The maximum of that extension.</param>
    /// <param name="order">Its order.</param>
    public bool IsSame(PoolDefinition pool, long maximum, PoolOrder order)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return pool.Name == Pool && maximum == Maximum && order == (Order ?? pool.Order);
    }

    private string? Validate(PoolDefinition pool, int segments)
    {
        if (Maximum <= pool.Range.Maximum)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"maximum must be above {pool.Range.Maximum}, the maximum of the pool '{pool.Name}'.");
        }

        if (segments >= MaximumSegments)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"maximum can't be raised any more: the pool '{pool.Name}' has {segments} segments, and can't have more. "
                + $"Create another pool.");
        }

        if (Maximum > pool.Code?.MaximumNumber)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"maximum must be at most {pool.Code.MaximumNumber}, the last number with a code of the pool '{pool.Name}'. "
                + $"Create another pool with longer codes.");
        }

        return PoolRange.Validate(pool.Range.Minimum, Maximum)
            ?? PoolDefinition.Validate(pool.Range.Maximum + 1, Maximum, Order ?? pool.Order, pool.Code);
    }
}
