using UniqueRandom.Permutations;

namespace UniqueRandom.Pools;

/// <summary>
/// The numbers of a pool with a computed order. Numbers that are read one after another are computed ahead, many at once, which
/// takes a fraction of the time. Thread-safe.
/// </summary>
/// <param name="range">The range, which can have a computed order.</param>
/// <param name="seed">The seed of the order.</param>
public sealed class ComputedNumbers(PoolRange range, Seed seed) : IDisposable
{
    private const int MostAhead = 256;

    private readonly ComputedPermutation order = new(seed, range.Size);
    private readonly Lock gate = new();
    private readonly long[] ahead = new long[MostAhead];
    private long start;
    private int count;

    /// <summary>Gets the number at a position.</summary>
    /// <param name="position">0 to the size of the range - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="position"/> is out of range.</exception>
    public long NumberAt(long position)
    {
        lock (gate)
        {
            if (position < start || position - start >= count)
                ComputeAhead(position);
            return ahead[position - start];
        }
    }

    /// <summary>Gets the numbers at consecutive positions.</summary>
    /// <param name="position">The first position.</param>
    /// <param name="numbers">Receives the numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A position is out of range.</exception>
    public void CopyNumbers(long position, Span<long> numbers)
    {
        order.CopyOffsets(position, numbers);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = range.NumberAt(numbers[i]);
    }

    /// <summary>Gets the position of a number.</summary>
    /// <param name="number">A number of the range.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is out of range.</exception>
    public long PositionOf(long number) => order.PositionOf(range.OffsetOf(number));

    /// <inheritdoc/>
    public void Dispose() => order.Dispose();

    /// <summary>Computes one number, or twice as many as last time where that read ended.</summary>
    private void ComputeAhead(long position)
    {
        var isNext = count > 0 && position - start == count;
        var length = Math.Max(1, Math.Min(isNext ? Math.Min(2 * count, MostAhead) : 1, range.Size - position));
        // If this fails, nothing is known.
        count = 0;
        CopyNumbers(position, ahead.AsSpan(0, (int)length));
        (start, count) = (position, (int)length);
    }
}
