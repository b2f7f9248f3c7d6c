using System.Numerics;

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
    public static void Write(UnmanagedMemoryAccessor file, long place, long value)
    {
        WriteCopy(file, place, value);
        WriteCopy(file, place + CopyLength, value);
    }

    /// <summary>Writes a value without the checks and the reference counts of an accessor.</summary>
    /// <param name="file">The first byte of the map.</param>
    /// <param name="place">A place that is inside of the map.</param>
    /// <param name="value">The value.</param>
    public static unsafe void Write(byte* file, long place, long value)
    {
        WriteCopy(file, place, value);
        WriteCopy(file, place + CopyLength, value);
    }

    /// <summary>Reads a value: the larger one if both copies are whole.</summary>
    /// <returns>Null if neither copy is whole.</returns>
    public static long? Read(UnmanagedMemoryAccessor file, long place)
    {
        var (first, second) = (ReadCopy(file, place), ReadCopy(file, place + CopyLength));
        return first is null || second > first ? second : first;
    }

    private static void WriteCopy(UnmanagedMemoryAccessor file, long place, long value)
    {
        file.Write(place, value);
        file.Write(place + sizeof(long), ChecksumOf(place, value));
    }

    private static unsafe void WriteCopy(byte* file, long place, long value)
    {
        // In this order, also after the optimization.
        Volatile.Write(ref *(long*)(file + place), value);
        Volatile.Write(ref *(uint*)(file + place + sizeof(long)), ChecksumOf(place, value));
    }

    private static long? ReadCopy(UnmanagedMemoryAccessor file, long place)
    {
        var value = file.ReadInt64(place);
        return file.ReadUInt32(place + sizeof(long)) == ChecksumOf(place, value) ? value : null;
    }

    private static uint ChecksumOf(long place, long value) => BitOperations.Crc32C((uint)place + 1, (ulong)value);
}
