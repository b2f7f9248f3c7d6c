using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage;

/// <summary>Verifies that stored chunks are the permutation of the pool's seed.</summary>
/// <param name="pool">The pool.</param>
/// <param name="seed">Its seed.</param>
/// <param name="imported">Its imported numbers; null for none.</param>
/// <param name="between">Called every few microseconds while the permutation is computed; null for nothing.</param>
/// <param name="cancellationToken">Cancels the computation.</param>
internal sealed class OrderVerification(
    PoolDefinition pool, Seed seed, OffsetSet? imported, Action? between, CancellationToken cancellationToken) : IDisposable
{
    private readonly Permutation permutation =
        Permutation.Shuffle(seed, pool.Range.Size, imported, between, cancellationToken);

    private readonly byte[] expected = new byte[Chunk.Length * sizeof(uint)];

    /// <exception cref="StoreException">The chunk has other offsets.</exception>
    public void Verify(int number, ReadOnlySpan<byte> chunk)
    {
        var offsets = permutation.OffsetsOf(number);
        Chunk.Encode(offsets, expected);
        if (!chunk.SequenceEqual(expected.AsSpan(0, offsets.Length * sizeof(uint))))
            throw Damage.OfOrder(pool.Name, number);
    }

    public void Dispose() => permutation.Dispose();
}
