using System.Diagnostics;
using System.Runtime.InteropServices;
using UniqueRandom.Pools;

namespace UniqueRandom.Draws;

/// <summary>
/// The draws of a batch from one pool: assigns consecutive positions, and collects the rows of the draw log that the transaction
/// must write. The same for every store; not thread-safe, and reused from batch to batch.
/// </summary>
public sealed class PoolBatch
{
    private readonly List<DrawLogRow> rows = [];

    /// <summary>The cursor before the batch. The transaction moves the stored cursor only if it has this value.</summary>
    public long OldCursor { get; private set; }

    /// <summary>The cursor after the batch.</summary>
    public long NewCursor { get; private set; }

    /// <summary>Whether the batch takes no position.</summary>
    public bool IsEmpty => NewCursor == OldCursor;

    /// <summary>Whether the first of <see cref="Rows"/> is the last stored row, extended.</summary>
    public bool ExtendsLastRow { get; private set; }

    /// <summary>The rows to write, by position.</summary>
    public ReadOnlySpan<DrawLogRow> Rows => CollectionsMarshal.AsSpan(rows);

    /// <summary>The last row of the log after the batch; null if the log is empty.</summary>
    public DrawLogRow? LastRow { get; private set; }

    /// <summary>Begins a batch.</summary>
    /// <param name="cursor">The stored cursor.</param>
    /// <param name="lastRow">The last row of the log, which draws may extend; null to add new rows only.</param>
    public void Begin(long cursor, DrawLogRow? lastRow)
    {
        Debug.Assert(lastRow is null || lastRow.Value.End == cursor, "The log ends at the cursor.");
        OldCursor = NewCursor = cursor;
        LastRow = lastRow;
        ExtendsLastRow = false;
        rows.Clear();
    }

    /// <summary>Takes the positions of one draw: all of them or none.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="request">The draw.</param>
    /// <param name="now">The time of the batch, to the millisecond.</param>
    /// <param name="first">The first position.</param>
    /// <returns>Whether the pool had enough numbers left.</returns>
    public bool TryTake(PoolDefinition pool, in DrawRequest request, DateTimeOffset now, out long first)
    {
        ArgumentNullException.ThrowIfNull(pool);
        Debug.Assert(request.Count is >= 1 and <= DrawRequest.MaximumCount, "The queue admits no other count.");

        first = NewCursor;
        if (request.Count > pool.Range.Size - NewCursor)
            return false;

        NewCursor += request.Count;
        AddRow(request, first, now);
        Debug.Assert(LastRow!.Value.End == NewCursor, "The log ends at the cursor.");
        return true;
    }

    private void AddRow(in DrawRequest request, long first, DateTimeOffset now)
    {
        if (LastRow is { } last && last.CanExtend(request, now))
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
