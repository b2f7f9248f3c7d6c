using System.Globalization;
using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>The name, the range and the kind of order of a pool, which never change.</summary>
/// <param name="Name">The name, compared ordinally. See <see cref="PoolName"/>.</param>
/// <param name="Range">The numbers of the pool. See <see cref="Validate"/> for how many there may be.</param>
/// <param name="Order">Whether the order is stored, the default, or computed.</param>
public sealed record PoolDefinition(string Name, PoolRange Range, PoolOrder Order = PoolOrder.Stored)
{
    /// <summary>Gets how many numbers are stored: all of a stored order, and none of a computed one.</summary>
    public long StoredSize => Order == PoolOrder.Stored ? Range.Size : 0;

    /// <summary>Validates whether two bounds are a range, and whether it can have an order of this kind.</summary>
    /// <returns>One sentence that says what is allowed; null if it can.</returns>
    public static string? Validate(long minimum, long maximum, PoolOrder order)
    {
        if (PoolRange.Validate(minimum, maximum) is { } error)
            return error;
        var size = new PoolRange(minimum, maximum).Size;
        return order switch
        {
            PoolOrder.Stored when size > Permutation.MaximumSize =>
                $"{Describe()}; a pool with a stored order has at most {Text(Permutation.MaximumSize)}. "
                + "A pool with a computed order can have more.",
            PoolOrder.Computed when size < ComputedPermutation.MinimumSize =>
                $"{Describe()}; a pool with a computed order has at least {Text(ComputedPermutation.MinimumSize)}. "
                + "Use a stored order.",
            _ => null,
        };

        string Describe() => string.Create(
            CultureInfo.InvariantCulture, $"the range {minimum}..{maximum} holds {size} number{(size == 1 ? "" : "s")}");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
