using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace UniqueRandom.Permutations;

/// <summary>
/// The stored form of a permutation: runs of <see cref="Length"/> offsets, each a little-endian unsigned 32-bit integer, with a
/// checksum. The last chunk can be shorter. Thread-safe.
/// </summary>
public static class Chunk
{
    /// <summary>The number of offsets in a chunk.</summary>
    public const int Length = 8192;

    /// <summary>Gets the number of chunks of a permutation.</summary>
    public static int CountOf(long size) => checked((int)((size + Length - 1) / Length));

    /// <summary>Gets the number of offsets in the first chunks of a permutation.</summary>
    public static long OffsetsIn(int count, long size) => Math.Min((long)count * Length, size);

    /// <summary>Gets the number of offsets in a chunk.</summary>
    public static int LengthOf(int index, long size) => (int)Math.Min(Length, size - (long)index * Length);

    /// <summary>Gets the chunk of a position, and the place within it.</summary>
    /// <param name="position">0 to size - 1.</param>
    public static (int Index, int Place) Locate(long position) => ((int)(position / Length), (int)(position % Length));

    /// <summary>
    /// Computes the checksum of a chunk: CRC-32C (Castagnoli; RFC 3720, appendix B.4) over the pool's commitment, the chunk's
    /// index as a little-endian 32-bit integer, and the chunk's bytes. The first two bind a chunk to its place, so swapped chunks
    /// don't match.
    /// </summary>
    public static uint Checksum(ReadOnlySpan<byte> commitment, int index, ReadOnlySpan<byte> bytes)
    {
        Span<byte> place = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(place, index);

        var crc = Append(~0u, commitment);
        crc = Append(crc, place);
        return ~Append(crc, bytes);
    }

    /// <summary>Whether bytes are the stored chunk: of the right length, with the right checksum.</summary>
    /// <param name="commitment">The pool's commitment.</param>
    /// <param name="index">The chunk's index, 0-based.</param>
    /// <param name="size">The size of the permutation.</param>
    /// <param name="bytes">The bytes that were read.</param>
    /// <param name="checksum">The stored checksum.</param>
    public static bool IsIntact(ReadOnlySpan<byte> commitment, int index, long size, ReadOnlySpan<byte> bytes, long checksum) =>
        bytes.Length == LengthOf(index, size) * sizeof(uint) && Checksum(commitment, index, bytes) == checksum;

    /// <summary>Writes offsets in their stored form.</summary>
    /// <param name="offsets">The offsets of one chunk.</param>
    /// <param name="bytes">Receives the bytes; at least four times as long.</param>
    public static void Encode(ReadOnlySpan<uint> offsets, Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(offsets).CopyTo(bytes);
            return;
        }

        for (var place = 0; place < offsets.Length; place++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(place * sizeof(uint))..], offsets[place]);
    }

    /// <summary>Reads the offset at a place within a chunk.</summary>
    public static uint OffsetAt(ReadOnlySpan<byte> bytes, int place) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[(place * sizeof(uint))..]);

    /// <summary>Finds the place of an offset in a chunk or a part of one; -1 if it is not there. Vectorized.</summary>
    public static int PlaceOf(uint offset, ReadOnlySpan<byte> bytes) =>
        MemoryMarshal.Cast<byte, uint>(bytes)
            .IndexOf(BitConverter.IsLittleEndian ? offset : BinaryPrimitives.ReverseEndianness(offset));

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
