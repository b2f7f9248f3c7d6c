using System.Globalization;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Marks;

/// <summary>
/// How a restored database goes on: each pool gives up the positions that may have been handed out since the copy was made.
/// </summary>
public sealed class ResumeAfterRestore
{
    private const string NumberPrefix = "number:";

    private readonly Dictionary<string, Point> points;

    private ResumeAfterRestore(Dictionary<string, Point> points) => this.points = points;

    /// <summary>Parses what the operator knows.</summary>
    /// <param name="text">
    /// Empty, or a list such as <c>default=523000,raffle=number:48213</c>: for a pool how many numbers were drawn, or the number
    /// that was drawn last. Either may be beyond the range that the copy has, if the pool was extended since.
    /// </param>
    /// <returns>Null if the text has another form.</returns>
    public static ResumeAfterRestore? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var points = new Dictionary<string, Point>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [var pool, var value] || !PoolName.IsValid(pool))
                return null;
            var isNumber = value.StartsWith(NumberPrefix, StringComparison.Ordinal);
            var digits = isNumber ? value[NumberPrefix.Length..] : value;
            if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var known)
                || (!isNumber && known < 0) || !points.TryAdd(pool, new Point(known, isNumber)))
            {
                return null;
            }
        }

        return new ResumeAfterRestore(points);
    }

    /// <summary>Finds what the operator knows about a pool; null if nothing.</summary>
    internal Point? Find(string pool) => points.TryGetValue(pool, out var point) ? point : null;

    /// <exception cref="StoreRefusedException">The operator names a pool that is none of these.</exception>
    internal void RequireKnown(IEnumerable<string> pools)
    {
        if (points.Keys.Except(pools).FirstOrDefault() is { } unknown)
        {
            throw new StoreRefusedException(
                $"--resume-after-restore names the pool '{unknown}', which the database does not have.");
        }
    }

    /// <summary>Refuses a pool that was not stored whole in the copy, and may have been extended since.</summary>
    /// <exception cref="StoreRefusedException">Its cursor would be behind its range, and it can't be closed.</exception>
    internal static void RequireOrder(PoolDefinition pool, PoolState state, long target)
    {
        if (state == PoolState.Seeding && target > pool.Range.Size)
        {
            throw new StoreRefusedException(
                $"The pool '{pool.Name}' was not stored whole in this copy, and may have been extended since; restore a newer "
                + "backup.");
        }
    }

    /// <summary>
    /// Refuses a pool that the operator does not name, and that is behind numbers of an extension: it may have been extended
    /// again since the copy was made, and then these numbers are ahead of it, in another order.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="firstSize">How many numbers it was created with.</param>
    /// <param name="cursor">Its cursor.</param>
    /// <param name="handedOut">How many numbers were handed out.</param>
    /// <exception cref="StoreRefusedException">The operator has to decide.</exception>
    internal static void RequireSameExtension(PoolDefinition pool, long firstSize, long cursor, long handedOut)
    {
        if (handedOut <= cursor || handedOut <= firstSize || handedOut > pool.Range.Size)
            return;
        throw new StoreRefusedException(
            $"The pool '{pool.Name}' is behind numbers of an extension that were handed out. If it was extended again since the "
            + "copy was made, they would be handed out again: give up all of its numbers, with --resume-after-restore "
            + $"{pool.Name}={pool.Range.Size}. Otherwise use {pool.Name}=COUNT, with how many numbers were drawn at most.");
    }

    /// <summary>Says what a point beyond the range of the copy means.</summary>
    internal static string BeyondCloses(PoolRange range) =>
        $"A COUNT above {range.Size}, or a NUMBER above {range.Maximum}, says that the pool was extended since, and closes it.";

    /// <param name="Value">The cursor, or the number that was drawn last.</param>
    /// <param name="IsNumber">Whether it is a number.</param>
    internal readonly record struct Point(long Value, bool IsNumber)
    {
        /// <summary>
        /// Gets the cursor; null for a number that has to be found in the order. A cursor above the size of the pool stands for
        /// an extension that the copy lacks.
        /// </summary>
        public long? CursorIn(PoolRange range) =>
            !IsNumber ? Value : Value > range.Maximum ? Math.Min(range.Size, long.MaxValue - 1) + 1 : null;

        /// <param name="pool">The pool.</param>
        /// <param name="state">Its state.</param>
        /// <param name="least">The least cursor to accept.</param>
        /// <exception cref="StoreRefusedException">
        /// The pool does not have the number, or not yet an order to find it in, or can't have the cursor.
        /// </exception>
        public void Require(PoolDefinition pool, PoolState state, long least)
        {
            var (name, range) = (pool.Name, pool.Range);
            if (IsNumber && state == PoolState.Seeding)
            {
                throw new StoreRefusedException(
                    $"The order of the pool '{name}' is not stored yet; use --resume-after-restore {name}=COUNT, "
                    + "with how many numbers were drawn at most.");
            }

            // Nothing can be drawn above a range that can't be extended that far.
            if (IsNumber && PoolRange.Validate(range.Minimum, Value) is not null)
            {
                throw new StoreRefusedException(
                    $"--resume-after-restore {name}=number:{Value}: the pool has the range {range} in this copy.");
            }

            if (!IsNumber && Value < least)
            {
                throw new StoreRefusedException(
                    $"--resume-after-restore {name}={Value}: the value must be at least {least}, as in the database. "
                    + BeyondCloses(range));
            }
        }
    }
}
