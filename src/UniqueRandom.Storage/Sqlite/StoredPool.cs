using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// A pool in memory: its rows, the last row of its log, and the chunks that were read last. No other process can change the file,
/// so it equals the stored pool except during a commit. Guarded by the store's gate.
/// </summary>
/// <param name="first">The segment with which the pool was created.</param>
internal sealed class StoredPool(StoredSegment first) : IDisposable
{
    private NumberSource? ahead;
    private NumberSource? behind;

    public long Id => first.PoolId;

    /// <summary>Gets the pool with the ranges of all segments that belong to it.</summary>
    public PoolDefinition Definition { get; private set; } = first.Part;

    public MarkKey MarkKey => new(first.Commitment, first.Part.Name);

    /// <summary>Gets the segments that belong to the pool. The list is replaced when one is added.</summary>
    public IReadOnlyList<StoredSegment> Segments { get; private set; } = [first];

    /// <summary>The segment that does not belong to the pool yet, because it is being stored.</summary>
    public StoredSegment? Pending { get; set; }

    /// <summary>The segment that is being stored.</summary>
    public StoredSegment? Unfinished => State == PoolState.Seeding ? first : Pending;

    /// <summary>How many numbers are stored when all segments of the pool are.</summary>
    public long StoredSize => Segments.Sum(segment => segment.Part.StoredSize);

    /// <summary>How many numbers the pool has when its pending segment is stored, too.</summary>
    public long RecordedSize => (Pending ?? Segments[^1]).End;

    public int ChunkCount => Segments[^1].FirstChunk + Segments[^1].ChunkCount;

    /// <summary>The stored state: seeding, open or closed.</summary>
    public required PoolState State { get; set; }

    public required DateTimeOffset? ClosedAt { get; set; }

    public ImportedList? Imported => first.Imported;

    /// <summary>Whether its imported numbers are not all stored. See <see cref="PoolRow.IsIncomplete"/>.</summary>
    public bool IsIncomplete => State == PoolState.Seeding && Cursor < Imported?.Count;

    /// <summary>
    /// Whether its import has ended without all of its numbers. The next import of the name, or the next seeding, removes it.
    /// </summary>
    public bool IsAbandoned { get; set; }

    public long Cursor { get; private set; }

    /// <summary>
    /// How many positions can be read. The cursor of a pool that is seeding may be ahead of its chunks, after a restore or an
    /// import.
    /// </summary>
    public long Drawn => State == PoolState.Seeding ? 0 : Cursor;

    /// <summary>The last row of the log, which draws may extend; null until the first draw after the file was opened.</summary>
    public DrawLogRow? LastRow { get; private set; }

    /// <summary>How far the numbers were handed out, outside of the database.</summary>
    public MarkedPool Mark { get; set; } = null!;

    /// <summary>The part of the current batch that draws from this pool.</summary>
    public PoolBatch Batch { get; } = new();

    /// <summary>Whether the current batch draws from this pool.</summary>
    public bool InBatch { get; set; }

    /// <summary>The source of the numbers at the cursor.</summary>
    public NumberSource Ahead => ahead ??= NumberSource.Of(Segments);

    /// <summary>The source of drawn numbers. Separate, so that reading them does not slow draws.</summary>
    public NumberSource Behind => behind ??= NumberSource.Of(Segments);

    public void Dispose()
    {
        ahead?.Dispose();
        behind?.Dispose();
    }

    public Pool Snapshot() => Pool.FromStore(
        Definition, State, Cursor, first.Seed, first.Commitment, first.CreatedAt, Segments.Count == 1 && Pending is null ? [] : [
            .. Segments.Skip(1).Select(segment => segment.Snapshot(isReady: true)),
            .. Pending is null ? [] : (PoolSegment[])[Pending.Snapshot(isReady: false)],
        ]) with
    {
        ClosedAt = ClosedAt,
        Imported = Imported,
        Seeded = State == PoolState.Seeding ? first.Seeded : Definition.Range.Size,
    };

    /// <summary>Creates the segment that follows the last one, in memory only.</summary>
    public StoredSegment Next(PoolDefinition part, Seed seed, Commitment commitment, DateTimeOffset now) =>
        new(Id, part, Segments[^1].End, ChunkCount, seed, commitment, now);

    /// <summary>Adds a segment that is stored whole to the pool.</summary>
    public void Add(StoredSegment segment)
    {
        Segments = [.. Segments, segment];
        Definition = Definition with { Range = new PoolRange(Definition.Range.Minimum, segment.Part.Range.Maximum) };
        if (Pending == segment)
            Pending = null;
        Mark?.Grow(Definition.Range.Size);
        Dispose();
        (ahead, behind) = (null, null);
    }

    /// <summary>Sets the cursor and the last row that a committed batch has stored.</summary>
    public void Advance(long cursor, DrawLogRow? lastRow)
    {
        Cursor = cursor;
        LastRow = lastRow;
    }
}
