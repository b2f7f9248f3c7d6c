using UniqueRandom.Stores;

namespace UniqueRandom.Storage;

/// <summary>Verifies that the rows of a draw log exactly cover the positions before a cursor.</summary>
/// <remarks>
/// Draws may go on meanwhile: all rows before the cursor are final except the last one, which can only grow.
/// </remarks>
/// <param name="pool">The name of the pool.</param>
/// <param name="cursor">The cursor, read before the rows.</param>
internal sealed class LogVerification(string pool, long cursor)
{
    /// <summary>Gets the position up to which the rows are verified. The next row begins there.</summary>
    public long End { get; private set; }

    public bool IsDone => End >= cursor;

    /// <summary>Adds the next row.</summary>
    /// <exception cref="StoreRefusedException">There is a gap or an overlap before the row.</exception>
    public void Add(long first, long count)
    {
        if (first != End || count < 1)
            throw Damage.OfPool(pool, $"its draw log has a gap or an overlap at position {End}.");
        End += count;
    }

    /// <summary>Verifies that the log ends at the cursor.</summary>
    /// <param name="end">The end of the last row.</param>
    /// <exception cref="StoreRefusedException">It does not.</exception>
    public void VerifyEnd(long end)
    {
        if (end != cursor)
        {
            throw Damage.OfPool(
                pool, $"its cursor says that {cursor} numbers are drawn, and its draw log says {end}.");
        }
    }
}
