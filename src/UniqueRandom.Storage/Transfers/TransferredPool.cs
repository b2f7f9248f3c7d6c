using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Transfers;

/// <summary>A pool as it is copied. Both stores give it the same id.</summary>
/// <param name="Row">The valid row.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ClosedAt">When it was closed, if it was.</param>
internal sealed record TransferredPool(PoolRow Row, DateTimeOffset CreatedAt, DateTimeOffset? ClosedAt)
{
    /// <summary>Gets how many numbers of the segments that belong to the pool are stored.</summary>
    public long StoredSize => Parts.Sum(part => part.Size);

    /// <summary>
    /// Gets the chunks that are copied, in the order of the pool: what they are verified against. Those of a permutation that is
    /// not whole are stored by the next server, because the seed is copied, except the imported numbers; so are those of an
    /// added segment that is not ready.
    /// </summary>
    public IEnumerable<(byte[] Commitment, int Index, long Size)> Chunks => Row switch
    {
        { State: not PoolState.Seeding } => Stored,
        { IsIncomplete: false, ImportedCount: { } imported } => Stored.Take(Chunk.CountOf(imported)),
        _ => [],
    };

    public int ChunkCount => Chunks.Count();

    private IEnumerable<(byte[] Commitment, int Index, long Size)> Stored =>
        from part in Parts
        from index in Enumerable.Range(0, Chunk.CountOf(part.Size))
        select (part.Commitment, index, part.Size);

    private IEnumerable<(byte[] Commitment, long Size)> Parts =>
    [
        (Row.StoredCommitment, Row.Created.StoredSize),
        .. Row.Extensions.Where(extension => extension is { IsReady: true, IsComputed: false })
            .Select(extension => (extension.StoredCommitment, extension.Range.Size)),
    ];
}

/// <summary>A chunk as it is copied.</summary>
/// <param name="Bytes">Its bytes, verified.</param>
/// <param name="Checksum">Its checksum.</param>
internal readonly record struct TransferredChunk(byte[] Bytes, long Checksum);
