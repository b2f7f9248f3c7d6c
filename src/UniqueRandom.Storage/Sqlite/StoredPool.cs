using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// What the store keeps in memory of a pool: its row, the last row of its log, and the chunk its cursor stands in. The file is locked
/// for as long as this lives, so it is the truth once a commit has returned. Guarded by the store's gate.
/// </summary>
internal sealed class StoredPool(long id, PoolDefinition definition, Seed seed, Commitment commitment, DateTimeOffset createdAt)
{
    public long Id => id;

    public PoolDefinition Definition => definition;

    public Seed Seed => seed;

    public Commitment Commitment => commitment;

    /// <summary>As stored: seeding, open or closed.</summary>
    public required PoolState State { get; set; }

    public required DateTimeOffset? ClosedAt { get; set; }

    public long Cursor { get; private set; }

    /// <summary>The last row of the log, which draws may join. Null at first, and after the opening of the file: the log goes on with a new row then.</summary>
    public DrawLogRow? LastRow { get; private set; }

    /// <summary>How many chunks are stored.</summary>
    public int ChunksStored { get; set; }

    /// <summary>How many numbers that is.</summary>
    public long Seeded => Chunk.OffsetsIn(ChunksStored, definition.Range.Size);

    /// <summary>This pool's part of the batch at hand.</summary>
    public PoolBatch Batch { get; } = new();

    /// <summary>Whether the batch at hand has come to this pool already.</summary>
    public bool InBatch { get; set; }

    /// <summary>The chunk that draws are at.</summary>
    public HeldChunk Ahead { get; } = new();

    /// <summary>The chunk that was last read of what is drawn: looking back must not take the other one away.</summary>
    public HeldChunk Behind { get; } = new();

    public Pool Snapshot() => Pool.FromStore(definition, State, Cursor, seed, commitment, createdAt) with { ClosedAt = ClosedAt, Seeded = Seeded };

    /// <summary>Takes what a committed batch has stored.</summary>
    public void Advance(long cursor, DrawLogRow? lastRow)
    {
        Cursor = cursor;
        LastRow = lastRow;
    }
}
