using System.Buffers.Binary;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Core.Tests.Permutations;

public sealed class ChunkTests
{
    private static readonly Commitment PoolCommitment = Commitment.To(Seeds.Zero, new PoolRange(1, 10));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(8192, 1, 8192)]
    [InlineData(8193, 2, 1)]
    [InlineData(1_000_000, 123, 576)]
    [InlineData(int.MaxValue, 262_144, 8191)]
    public void A_permutation_is_split_into_chunks_of_8192_and_a_shorter_last_one(int size, int count, int lastLength)
    {
        Assert.Equal(count, Chunk.CountOf(size));
        Assert.Equal(lastLength, Chunk.LengthOf(count - 1, size));
    }

    [Fact]
    public void Offsets_are_stored_as_little_endian_words()
    {
        var bytes = new byte[8];
        Chunk.Encode([0x01020304, 5], bytes);
        Assert.Equal([4, 3, 2, 1, 5, 0, 0, 0], bytes);
        Assert.Equal(0x01020304u, Chunk.OffsetAt(bytes, 0));
        Assert.Equal(5u, Chunk.OffsetAt(bytes, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(32_768)]
    public void The_checksum_is_the_CRC_32C_of_commitment_index_and_bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Span<byte> index = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(index, 7);
        Assert.Equal(
            BitwiseCrc32C([.. PoolCommitment.Bytes, .. index, .. bytes]), Chunk.Checksum(PoolCommitment.Bytes, 7, bytes));
    }

    [Fact]
    public void The_reference_implementation_gives_the_published_check_value() =>
        Assert.Equal(0xE3069283u, BitwiseCrc32C("123456789"u8.ToArray()));

    [Fact]
    public void A_different_bit_index_or_pool_changes_the_checksum()
    {
        var bytes = new byte[32];
        var checksum = Chunk.Checksum(PoolCommitment.Bytes, 0, bytes);
        Assert.NotEqual(checksum, Chunk.Checksum(PoolCommitment.Bytes, 1, bytes));
        Assert.NotEqual(checksum, Chunk.Checksum(Commitment.To(Seeds.Zero, new PoolRange(2, 11)).Bytes, 0, bytes));
        bytes[17] ^= 0x10;
        Assert.NotEqual(checksum, Chunk.Checksum(PoolCommitment.Bytes, 0, bytes));
    }

    private static uint BitwiseCrc32C(byte[] bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
        }

        return ~crc;
    }
}
