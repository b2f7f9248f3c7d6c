using System.Numerics;
using System.Runtime.InteropServices;

namespace UniqueRandom.Storage.Marks;

/// <summary>
/// A value in a mapped file, in two copies with checksums. They are written one after the other, so a process or a machine that
/// stops in between leaves one of them whole.
/// </summary>
/// <remarks>A copy is the value, 8 bytes, its CRC-32C with its place as the seed, 4 bytes, and 4 bytes of zeros.</remarks>
internal static class CheckedValue
{
    /// <summary>The length of both copies in bytes.</summary>
    public const int Length = 2 * CopyLength;

    private const int CopyLength = 16;

    /// <summary>Writes a value.</summary>
    /// <param name="copies">Both copies.</param>
    /// <param name="place">Where they are in the file.</param>
    /// <param name="value">The value.</param>
    public static void Write(Span<byte> copies, long place, long value)
    {
        WriteCopy(copies, place, value);
        WriteCopy(copies[CopyLength..], place + CopyLength, value);
    }

    /// <summary>Reads a value: the larger one if both copies are whole.</summary>
    /// <returns>Null if neither copy is whole.</returns>
    public static long? Read(ReadOnlySpan<byte> copies, long place)
    {
        var (first, second) = (ReadCopy(copies, place), ReadCopy(copies[CopyLength..], place + CopyLength));
        return first is null || second > first ? second : first;
    }

    private static void WriteCopy(Span<byte> copy, long place, long value)
    {
        // In this order, also after the optimization.
        Volatile.Write(ref MemoryMarshal.AsRef<long>(copy), value);
        Volatile.Write(ref MemoryMarshal.AsRef<uint>(copy[sizeof(long)..]), ChecksumOf(place, value));
    }

    private static long? ReadCopy(ReadOnlySpan<byte> copy, long place)
    {
        var value = MemoryMarshal.Read<long>(copy);
        return MemoryMarshal.Read<uint>(copy[sizeof(long)..]) == ChecksumOf(place, value) ? value : null;
    }

    private static uint ChecksumOf(long place, long value) => BitOperations.Crc32C((uint)place + 1, (ulong)value);
}
