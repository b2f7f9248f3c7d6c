using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>A segment in memory. Its positions and its chunks count from 0. Guarded by the store's gate.</summary>
/// <param name="poolId">The id of its pool.</param>
/// <param name="part">Its range and the kind of its order, with the name of the pool.</param>
/// <param name="first">The position in the pool at which it begins.</param>
/// <param name="firstChunk">The number of its first chunk among those of the pool.</param>
/// <param name="seed">Its seed.</param>
/// <param name="commitment">The published hash.</param>
/// <param name="createdAt">When it was recorded.</param>
internal sealed class StoredSegment(
    long poolId,
    PoolDefinition part,
    long first,
    int firstChunk,
    Seed seed,
    Commitment commitment,
    DateTimeOffset createdAt)
{
    public long PoolId => poolId;

    public PoolDefinition Part => part;

    public long First => first;

    /// <summary>The position in the pool behind the last one of this segment.</summary>
    public long End => first + part.Range.Size;

    public int FirstChunk => firstChunk;

    public int ChunkCount => Chunk.CountOf(part.StoredSize);

    public Seed Seed => seed;

    public Commitment Commitment => commitment;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>The imported numbers, which come first; only the first segment of a pool can have them.</summary>
    public ImportedList? Imported { get; init; }

    /// <summary>The number of stored chunks.</summary>
    public int ChunksStored { get; set; }

    /// <summary>How many numbers of the order are ready.</summary>
    public long Seeded => part.StoredSize > 0 ? Chunk.OffsetsIn(ChunksStored, part.StoredSize) : part.Range.Size;

    public PoolSegment Snapshot(bool isReady) => new(first, part.Range, part.Order, commitment, createdAt)
    {
        IsReady = isReady,
        Seeded = Seeded,
        Seed = seed,
    };
}
