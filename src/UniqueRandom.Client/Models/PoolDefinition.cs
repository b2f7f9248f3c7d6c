namespace UniqueRandom.Client.Models;

/// <summary>What a pool is created with. It never changes.</summary>
public sealed class PoolDefinition
{
    /// <summary>Gets the smallest number.</summary>
    public required long Minimum { get; init; }

    /// <summary>
    /// Gets the largest number. A pool with a stored order has 1 to 2,147,483,647 numbers, and one with a computed order
    /// 1,000,000 to 9,223,372,036,854,775,807.
    /// </summary>
    public required long Maximum { get; init; }

    /// <summary>Gets whether the order is stored or computed. The default is <see cref="PoolOrder.Stored"/>.</summary>
    public PoolOrder Order { get; init; } = PoolOrder.Stored;
}
