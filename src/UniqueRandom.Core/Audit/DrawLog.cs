using System.Runtime.CompilerServices;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Audit;

/// <summary>Reads draw logs of any length in constant memory, a few hundred rows at a time.</summary>
public static class DrawLog
{
    /// <summary>The most numbers in a piece: a row that is longer is told in parts. No draw is: only rows that several draws share.</summary>
    public const int MaximumNumbersInPiece = DrawRequest.MaximumCount;

    private const int RowsAtOnce = 256;

    /// <summary>
    /// The log of a pool from a position up to where its cursor stands now, with the numbers. The pieces cover those positions exactly; a row
    /// that began before the first position, or that has grown since, is told only in part, so that reading on from where one has
    /// stopped misses nothing and repeats nothing.
    /// </summary>
    /// <param name="store">The store of the pool.</param>
    /// <param name="pool">The pool as it stands now.</param>
    /// <param name="position">Where to begin; at or behind the cursor there is nothing to read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">The log could not be read.</exception>
    public static async IAsyncEnumerable<LoggedDraw> ReadAsync(
        IPoolStore store, Pool pool, long position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfNegative(position);

        var numbers = new NumberWindow(store, pool);
        while (position < pool.Cursor)
        {
            // Here, because a store that never waits may not look.
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in await store.ReadLogAsync(pool.Definition.Name, position, RowsAtOnce, cancellationToken))
            {
                for (var end = Math.Min(row.End, pool.Cursor); position < end;)
                {
                    var count = (int)Math.Min(end - position, MaximumNumbersInPiece);
                    yield return new LoggedDraw(row with { First = position, Count = count }, await numbers.ReadAsync(position, count, cancellationToken));
                    position += count;
                }
            }
        }
    }

    /// <summary>Numbers are read ahead of the rows: a log of single draws would ask the store for each of them.</summary>
    private sealed class NumberWindow(IPoolStore store, Pool pool)
    {
        private readonly long[] window = new long[Math.Min(pool.Cursor, MaximumNumbersInPiece)];
        private long start;
        private int length;

        public async ValueTask<ReadOnlyMemory<long>> ReadAsync(long position, int count, CancellationToken cancellationToken)
        {
            if (position < start || position + count > start + length)
            {
                (start, length) = (position, (int)Math.Min(window.Length, pool.Cursor - position));
                await store.ReadNumbersAsync(pool.Definition.Name, start, window.AsMemory(0, length), cancellationToken);
            }

            return window.AsMemory((int)(position - start), count);
        }
    }
}
