using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// A pool in memory: its row, the last row of its log, and the chunks that were read last. No other process can change the file,
/// so it equals the stored pool except during a commit. Guarded by the store's gate.
/// </summary>
internal sealed class StoredPool(long id, PoolDefinition definition, Seed seed, Commitment commitment, DateTimeOffset createdAt)
    : IDisposable
{
    private NumberSource? ahead;
    private NumberSource? behind;

    public long Id => id;

    public PoolDefinition Definition => definition;

    public MarkKey MarkKey => new(commitment, definition.Name);

    public Seed Seed => seed;

    public Commitment Commitment => commitment;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>The stored state: seeding, open or closed.</summary>
    public required PoolState State { get; set; }

    public required DateTimeOffset? ClosedAt { get; set; }

    public long Cursor { get; private set; }

    /// <summary>
    /// How many positions can be read. The cursor of a pool that is seeding may be ahead of its chunks, after a restore.
    /// </summary>
    public long Drawn => State == PoolState.Seeding ? 0 : Cursor;

    /// <summary>The last row of the log, which draws may extend; null until the first draw after the file was opened.</summary>
    public DrawLogRow? LastRow { get; private set; }

    /// <summary>The number of stored chunks.</summary>
    public int ChunksStored { get; set; }

    /// <summary>How many numbers of the order are ready.</summary>
    public long Seeded =>
        definition.StoredSize > 0 ? Chunk.OffsetsIn(ChunksStored, definition.StoredSize) : definition.Range.Size;

    /// <summary>How far the numbers were handed out, outside of the database.</summary>
    public MarkedPool Mark { get; set; } = null!;

    /// <summary>The part of the current batch that draws from this pool.</summary>
    public PoolBatch Batch { get; } = new();

    /// <summary>Whether the current batch draws from this pool.</summary>
    public bool InBatch { get; set; }

    /// <summary>The source of the numbers at the cursor.</summary>
    public NumberSource Ahead => ahead ??= NumberSource.Of(this);

    /// <summary>The source of drawn numbers. Separate, so that reading them does not slow draws.</summary>
    public NumberSource Behind => behind ??= NumberSource.Of(this);

    public void Dispose()
    {
        ahead?.Dispose();
        behind?.Dispose();
    }

    public Pool Snapshot() =>
        Pool.FromStore(definition, State, Cursor, seed, commitment, createdAt) with { ClosedAt = ClosedAt, Seeded = Seeded };

    /// <summary>Sets the cursor and the last row that a committed batch has stored.</summary>
    public void Advance(long cursor, DrawLogRow? lastRow)
    {
        Cursor = cursor;
        LastRow = lastRow;
    }
}
