namespace UniqueRandom.Client.Models;

/// <summary>
/// The definition that a pool is created with. <see cref="UniqueRandomClient.ExtendPoolAsync"/> can raise the maximum later;
/// nothing else changes.
/// </summary>
public sealed class PoolDefinition
{
    /// <summary>
    /// Gets the smallest number. The default, <see langword="null"/>, is the number of the first code, 0. Required for a pool
    /// without codes.
    /// </summary>
    public long? Minimum { get; init; }

    /// <summary>
    /// Gets the largest number. A pool with a stored order has 1 to 2,147,483,647 numbers, and one with a computed order
    /// 1,000,000 to 9,223,372,036,854,775,807. The default, <see langword="null"/>, is the number of the last code. Required for
    /// a pool without codes.
    /// </summary>
    public long? Maximum { get; init; }

    /// <summary>
    /// Gets whether the order is stored or computed. The default, <see langword="null"/>, is <see cref="PoolOrder.Computed"/> if
    /// the pool has codes and at least 1,000,000 numbers, and otherwise <see cref="PoolOrder.Stored"/>.
    /// </summary>
    public PoolOrder? Order { get; init; }

    /// <summary>
    /// Gets how the numbers are written as codes. The default, <see langword="null"/>, is no codes.
    /// </summary>
    public CodeFormat? Code { get; init; }
}
