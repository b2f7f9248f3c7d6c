using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Tests.Contract;

/// <summary>The first chunk of an import with its first number exchanged for one that was not imported.</summary>
internal static class ExchangedImport
{
    public static (byte[] Offsets, uint Checksum) FirstChunkOf(Pool pool, long[] numbers)
    {
        var range = pool.Definition.Range;
        var offsets = Array.ConvertAll(numbers[..Chunk.Length], number => (uint)range.OffsetOf(number));
        offsets[0] = (uint)range.OffsetOf(Enumerable.Range((int)range.Minimum, numbers.Length).First(n => !numbers.Contains(n)));
        var bytes = new byte[Chunk.Length * sizeof(uint)];
        Chunk.Encode(offsets, bytes);
        return (bytes, Chunk.Checksum(pool.Commitment.Bytes, 0, bytes));
    }
}
