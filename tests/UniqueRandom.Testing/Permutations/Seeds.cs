using System.Buffers.Binary;
using System.Security.Cryptography;
using UniqueRandom.Permutations;

namespace UniqueRandom.Testing.Permutations;

/// <summary>Fixed seeds, so that statistical tests are deterministic.</summary>
internal static class Seeds
{
    /// <summary>The bytes 0, 1, 2, … 31.</summary>
    public static Seed Counting { get; } = new([.. Enumerable.Range(0, Seed.Length).Select(value => (byte)value)]);

    public static Seed Zero { get; } = new(new byte[Seed.Length]);

    /// <summary>The n-th of a series of independent seeds.</summary>
    public static Seed Number(int n)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, n);
        return new Seed(SHA256.HashData(bytes));
    }
}
