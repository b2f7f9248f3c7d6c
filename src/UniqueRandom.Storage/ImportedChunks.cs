using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage;

/// <summary>
/// Reads the imported numbers of a pool back from its first chunks, and verifies that they are those of its list.
/// </summary>
/// <param name="pool">The pool.</param>
/// <param name="list">The list that its commitment contains.</param>
internal sealed class ImportedChunks(PoolDefinition pool, ImportedList list) : IDisposable
{
    private readonly OffsetSet numbers = new(pool.Range.Size);

    /// <summary>Gets how many chunks have imported numbers. The last one can have others as well.</summary>
    public int Count { get; } = Chunk.CountOf(list.Count);

    /// <summary>Adds the imported numbers of a chunk.</summary>
    /// <exception cref="StoreException">One of them is not in the pool, or was added before.</exception>
    public void Add(int number, ReadOnlySpan<byte> chunk)
    {
        for (var place = 0; place < Chunk.LengthOf(number, list.Count); place++)
        {
            if (Chunk.OffsetAt(chunk, place) is var offset && (offset >= numbers.Size || !numbers.Add(offset)))
                throw Damage.OfOrder(pool.Name, number);
        }
    }

    /// <summary>Gets the numbers when all chunks are added. They are disposed with this object.</summary>
    /// <exception cref="StoreException">They are not those of the list.</exception>
    public OffsetSet Complete() =>
        ImportedList.Of(pool.Range, numbers) == list ? numbers : throw Damage.OfImport(pool.Name);

    public void Dispose() => numbers.Dispose();
}
