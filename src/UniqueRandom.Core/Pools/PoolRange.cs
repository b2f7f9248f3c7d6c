using System.Globalization;
using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>The numbers of a pool: every integer from <see cref="Minimum"/> to <see cref="Maximum"/>, both included.</summary>
/// <remarks>
/// The bounds can be any signed 64-bit integers, as long as the range holds 1 to <see cref="MaximumSize"/> numbers.
/// </remarks>
public readonly record struct PoolRange
{
    /// <summary>The largest size: 2^63 - 1. The kind of order can limit it further.</summary>
    public const long MaximumSize = ComputedPermutation.MaximumSize;

    /// <summary>Creates a range.</summary>
    /// <param name="minimum">The smallest number of the pool.</param>
    /// <param name="maximum">The largest number of the pool.</param>
    /// <exception cref="ArgumentException">The range is empty or holds more than <see cref="MaximumSize"/> numbers.</exception>
    public PoolRange(long minimum, long maximum)
    {
        if (Validate(minimum, maximum) is { } error)
            throw new ArgumentException(error);
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The smallest number of the pool.</summary>
    public long Minimum { get; }

    /// <summary>The largest number of the pool.</summary>
    public long Maximum { get; }

    /// <summary>How many numbers the pool holds, 1 to <see cref="MaximumSize"/>.</summary>
    public long Size => Maximum - Minimum + 1;

    /// <summary>Validates two bounds.</summary>
    /// <returns>One sentence that says what is allowed; null if the bounds are valid.</returns>
    public static string? Validate(long minimum, long maximum)
    {
        if (minimum > maximum)
            return string.Create(
                CultureInfo.InvariantCulture, $"minimum {minimum} is above maximum {maximum}; a pool holds at least one number.");
        var size = (Int128)maximum - minimum + 1;
        return size > MaximumSize
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the range {minimum}..{maximum} holds {size} numbers; a pool holds at most {MaximumSize}.")
            : null;
    }

    /// <summary>Whether a number belongs to the pool.</summary>
    public bool Contains(long number) => number >= Minimum && number <= Maximum;

    /// <summary>Gets the offset of a number in the permutation.</summary>
    /// <param name="number">A number that the pool <see cref="Contains"/>.</param>
    public long OffsetOf(long number) => number - Minimum;

    /// <summary>Gets the number of an offset.</summary>
    /// <param name="offset">0 to <see cref="Size"/> - 1.</param>
    public long NumberAt(long offset) => Minimum + offset;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Minimum}..{Maximum}");
}
