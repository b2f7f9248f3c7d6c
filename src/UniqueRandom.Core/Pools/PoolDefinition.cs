using System.Globalization;
using UniqueRandom.Codes;
using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>
/// The name, the range, the kind of order and the codes of a pool. Only the range changes: an extension adds to its end.
/// </summary>
/// <param name="Name">The name, compared ordinally. See <see cref="PoolName"/>.</param>
/// <param name="Range">The numbers of the pool. See <see cref="Validate"/> for how many there may be.</param>
/// <param name="Order">Whether the order is stored, the default, or computed. An added segment can have another one.</param>
/// <param name="Code">How its numbers are written as codes. Null, the default, for no codes.</param>
public sealed record PoolDefinition(
    string Name, PoolRange Range, PoolOrder Order = PoolOrder.Stored, CodeFormat? Code = null)
{
    /// <summary>
    /// Gets how many numbers are stored if the order is that of the whole range: all of a stored order, and none of a computed
    /// one.
    /// </summary>
    public long StoredSize => Order == PoolOrder.Stored ? Range.Size : 0;

    /// <summary>
    /// Completes a definition. A pool with codes has all of them unless a bound is given, and a computed order unless it is told
    /// otherwise or has too few numbers for one. Without codes, the order is stored.
    /// </summary>
    /// <param name="minimum">The smallest number; null for that of the first code.</param>
    /// <param name="maximum">The largest number; null for that of the last code.</param>
    /// <param name="order">Whether the order is stored or computed; null for the default.</param>
    /// <param name="code">The format of the codes; null for none, which requires both bounds.</param>
    public static (long Minimum, long Maximum, PoolOrder Order) Complete(
        long? minimum, long? maximum, PoolOrder? order, CodeFormat? code)
    {
        if (code is null)
            return (minimum!.Value, maximum!.Value, order ?? PoolOrder.Stored);
        var (smallest, largest) = (minimum ?? 0, maximum ?? code.MaximumNumber);
        var canBeComputed = (Int128)largest - smallest + 1 >= ComputedPermutation.MinimumSize;
        return (smallest, largest, order ?? (canBeComputed ? PoolOrder.Computed : PoolOrder.Stored));
    }

    /// <summary>
    /// Validates whether two bounds are a range, whether it can have an order of this kind, and whether all of its numbers have
    /// a code.
    /// </summary>
    /// <returns>One sentence that says what is allowed; null if they are valid.</returns>
    public static string? Validate(long minimum, long maximum, PoolOrder order, CodeFormat? code = null)
    {
        if (PoolRange.Validate(minimum, maximum) is { } error)
            return error;
        if (code is not null && (minimum < 0 || maximum > code.MaximumNumber))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"minimum and maximum must be from 0 to {code.MaximumNumber}, because {minimum}..{maximum} has numbers without a "
                + $"code of this length. Use another range, or longer codes.");
        }

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
