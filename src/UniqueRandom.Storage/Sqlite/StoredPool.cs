using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// What the store keeps in memory of a pool: its row, the last row of its log, and the chunk its cursor stands in. The file is locked
/// for as long as this lives, so it is the truth once a commit has returned. Guarded by the store's gate.
/// </summary>
internal sealed class StoredPool(long id, PoolDefinition definition, PoolState state, Commitment commitment, DateTimeOffset createdAt)
{
    private readonly byte[] chunk = new byte[Chunk.Length * sizeof(uint)];
    private int chunkNumber = -1;

    public long Id => id;

    public PoolDefinition Definition => definition;

    public PoolState State => state;

    public Commitment Commitment => commitment;

    public int Cursor { get; private set; }

    public DrawLogRow? LastRow { get; private set; }

    /// <summary>This pool's part of the batch at hand.</summary>
    public PoolBatch Batch { get; } = new();

    /// <summary>Whether the batch at hand has come to this pool already.</summary>
    public bool InBatch { get; set; }

    public Pool Snapshot() => new(definition, state, Cursor, commitment, createdAt);

    /// <summary>Takes what a committed batch, or the opening of the file, has found to be stored.</summary>
    public void Advance(int cursor, DrawLogRow? lastRow)
    {
        Cursor = cursor;
        LastRow = lastRow;
    }

    /// <summary>The number at a position.</summary>
    /// <exception cref="StoreException">Its chunk is missing or does not match its checksum.</exception>
    public long NumberAt(int position, ChunkReader chunks)
    {
        var (number, place) = Math.DivRem(position, Chunk.Length);
        if (number != chunkNumber)
        {
            chunkNumber = -1;
            if (!chunks.TryRead(this, number, chunk))
                throw new StoreException(StoreFault.Fatal, ChunkReader.Damaged(this, number));
            chunkNumber = number;
        }

        return definition.Range.NumberAt(Chunk.OffsetAt(chunk, place));
    }
}
