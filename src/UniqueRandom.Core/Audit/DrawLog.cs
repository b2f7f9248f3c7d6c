using System.Runtime.CompilerServices;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Audit;

/// <summary>Reads draw logs of any length in constant memory.</summary>
public static class DrawLog
{
    /// <summary>
    /// The largest count of a <see cref="LoggedDraw"/>: 10,000. Longer rows are split; only draws that share a row have such
    /// rows.
    /// </summary>
    public const int MaximumCount = DrawRequest.MaximumCount;

    private const int RowsPerRead = 256;

    /// <summary>
    /// Reads the log of a pool from a position to the cursor. The results cover these positions exactly: a row that begins before
    /// the first position, or that has grown since, is cut. So reading on from the last position misses nothing and repeats
    /// nothing.
    /// </summary>
    /// <param name="store">The store of the pool.</param>
    /// <param name="pool">The pool, with the cursor to read to.</param>
    /// <param name="position">The first position; at or behind the cursor there is nothing to read.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreException">The log could not be read, or ends before the cursor.</exception>
    public static async IAsyncEnumerable<LoggedDraw> ReadAsync(
        IPoolStore store, Pool pool, long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfNegative(position);

        var numbers = new NumberWindow(store, pool);
        while (position < pool.Cursor)
        {
            // A store that completes synchronously may not check the token.
            cancellationToken.ThrowIfCancellationRequested();
            var start = position;
            foreach (var row in await store.ReadLogAsync(pool.Definition.Name, position, RowsPerRead, cancellationToken))
            {
                for (var end = Math.Min(row.End, pool.Cursor); position < end;)
                {
                    var count = (int)Math.Min(end - position, MaximumCount);
                    var piece = row with { First = position, Count = count };
                    yield return new LoggedDraw(piece, await numbers.ReadAsync(position, count, cancellationToken));
                    position += count;
                }
            }

            // A failover can lose rows that existed when the cursor was read.
            if (position == start)
                throw EndsEarly(pool, position);
        }
    }

    /// <summary>Reads the row that holds a drawn position.</summary>
    /// <param name="store">The store of the pool.</param>
    /// <param name="name">The name of the pool.</param>
    /// <param name="position">A position that is drawn.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StoreException">The row could not be read, or a failover has lost it.</exception>
    public static async ValueTask<DrawLogRow> ReadRowAsync(
        IPoolStore store, string name, long position, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.ReadLogAsync(name, position, limit: 1, cancellationToken) is [var row]
            ? row
            : throw new StoreException(
                StoreFault.Unavailable,
                $"The draw log of the pool '{name}' no longer has position {position}: a failover may have lost it. Try again.");
    }

    private static StoreException EndsEarly(Pool pool, long position) => new(
        StoreFault.Unavailable,
        $"The draw log of the pool '{pool.Definition.Name}' can be read up to position {position}, and not up to its cursor "
        + $"{pool.Cursor}. Read on from the last position you have.");

    /// <summary>Reads numbers ahead of the rows, so that a log of single draws doesn't ask the store for each number.</summary>
    private sealed class NumberWindow(IPoolStore store, Pool pool)
    {
        private readonly long[] window = new long[Math.Min(pool.Cursor, MaximumCount)];
        private long start;
        private int length;

        public async ValueTask<ReadOnlyMemory<long>> ReadAsync(long position, int count, CancellationToken cancellationToken)
        {
            if (position < start || position + count > start + length)
            {
                (start, length) = (position, (int)Math.Min(window.Length, pool.Cursor - position));
                try
                {
                    await store.ReadNumbersAsync(pool.Definition.Name, start, window.AsMemory(0, length), cancellationToken);
                }
                catch (ArgumentOutOfRangeException)
                {
                    throw EndsEarly(pool, position);
                }
            }

            return window.AsMemory((int)(position - start), count);
        }
    }
}
