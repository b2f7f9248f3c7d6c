using System.Diagnostics;
using System.Runtime.InteropServices;
using UniqueRandom.Pools;

namespace UniqueRandom.Draws;

/// <summary>
/// The part of a batch that draws from one pool: gives consecutive positions to its draws, and collects the rows of the draw log
/// that the transaction has to write. Pure bookkeeping, the same for every store; not thread-safe, and reused from batch to batch.
/// </summary>
public sealed class PoolBatch
{
    private readonly List<DrawLogRow> rows = [];

    /// <summary>The cursor before the batch: the value the stored one must have for the transaction to move it.</summary>
    public long OldCursor { get; private set; }

    /// <summary>The cursor behind the batch.</summary>
    public long NewCursor { get; private set; }

    /// <summary>Whether the batch takes any position at all.</summary>
    public bool IsEmpty => NewCursor == OldCursor;

    /// <summary>Whether the first of <see cref="Rows"/> is the last stored row, grown, and not a new one.</summary>
    public bool ExtendsLastRow { get; private set; }

    /// <summary>The rows to write, in the order of their positions.</summary>
    public ReadOnlySpan<DrawLogRow> Rows => CollectionsMarshal.AsSpan(rows);

    /// <summary>The last row of the log once the batch is written; null when the log is empty.</summary>
    public DrawLogRow? LastRow { get; private set; }

    /// <summary>Starts a new batch on a pool.</summary>
    /// <param name="cursor">The pool's cursor as stored.</param>
    /// <param name="lastRow">The last row of the pool's log, which draws may join; null for a log to be continued with new rows only.</param>
    public void Begin(long cursor, DrawLogRow? lastRow)
    {
        Debug.Assert(lastRow is null || lastRow.Value.End == cursor, "The log ends where the cursor stands.");
        OldCursor = NewCursor = cursor;
        LastRow = lastRow;
        ExtendsLastRow = false;
        rows.Clear();
    }

    /// <summary>Takes the positions of one draw: all it asks for, or none.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="request">The draw.</param>
    /// <param name="now">The time of the batch, to the millisecond.</param>
    /// <param name="first">The first of its positions.</param>
    /// <returns>Whether the pool had enough of them left.</returns>
    public bool TryTake(PoolDefinition pool, in DrawRequest request, DateTimeOffset now, out long first)
    {
        ArgumentNullException.ThrowIfNull(pool);
        Debug.Assert(request.Count is >= 1 and <= DrawRequest.MaximumCount, "The queue admits no other count.");

        first = NewCursor;
        if (request.Count > pool.Range.Size - NewCursor)
            return false;

        NewCursor += request.Count;
        Log(request, first, now);
        Debug.Assert(LastRow!.Value.End == NewCursor, "The log ends where the cursor stands.");
        return true;
    }

    private void Log(in DrawRequest request, long first, DateTimeOffset now)
    {
        if (LastRow is { } last && last.CanTake(request, now))
        {
            last = last with { Count = last.Count + request.Count };
            if (rows.Count == 0)
            {
                ExtendsLastRow = true;
                rows.Add(last);
            }
            else
            {
                rows[^1] = last;
            }

            LastRow = last;
        }
        else
        {
            var row = new DrawLogRow(first, request.Count, now, request.Reference, request.Key, request.Caller);
            rows.Add(row);
            LastRow = row;
        }
    }
}
