namespace UniqueRandom.Client.Models;

/// <summary>What a pool is created with. It never changes.</summary>
public sealed class PoolDefinition
{
    /// <summary>
    /// Gets the smallest number. <see langword="null"/>, the default, is for the first code: 0. A pool without codes needs it.
    /// </summary>
    public long? Minimum { get; init; }

    /// <summary>
    /// Gets the largest number. A pool with a stored order has 1 to 2,147,483,647 numbers, and one with a computed order
    /// 1,000,000 to 9,223,372,036,854,775,807. <see langword="null"/>, the default, is for the last code. A pool without codes
    /// needs it.
    /// </summary>
    public long? Maximum { get; init; }

    /// <summary>
    /// Gets whether the order is stored or computed. <see langword="null"/>, the default, is for
    /// <see cref="PoolOrder.Computed"/> if the pool has codes and at least 1,000,000 numbers, and else for
    /// <see cref="PoolOrder.Stored"/>.
    /// </summary>
    public PoolOrder? Order { get; init; }

    /// <summary>
    /// Gets how the numbers are written as codes. <see langword="null"/>, the default, is for no codes.
    /// </summary>
    public CodeFormat? Code { get; init; }
}
