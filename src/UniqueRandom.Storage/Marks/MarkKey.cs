using System.Security.Cryptography;
using System.Text;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Marks;

/// <summary>
/// Identifies a pool in a mark. Stored as its commitment, its name, filled up with zeros, and the SHA-256 of both.
/// </summary>
internal readonly record struct MarkKey(Commitment Commitment, string Name)
{
    /// <summary>The length in bytes.</summary>
    public const int Length = HashPlace + SHA256.HashSizeInBytes;

    private const int NamePlace = Commitment.Length;
    private const int HashPlace = NamePlace + PoolName.MaximumLength;

    /// <summary>Reads a key; null if the bytes are damaged.</summary>
    public static MarkKey? Read(ReadOnlySpan<byte> bytes)
    {
        var isWhole = SHA256.HashData(bytes[..HashPlace]).AsSpan().SequenceEqual(bytes[HashPlace..Length]);
        return isWhole
            ? new MarkKey(
                new Commitment(bytes[..NamePlace]), Encoding.ASCII.GetString(bytes[NamePlace..HashPlace].TrimEnd((byte)0)))
            : null;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Commitment.Bytes.CopyTo(bytes);
        Encoding.ASCII.GetBytes(Name, bytes.AsSpan(NamePlace));
        SHA256.HashData(bytes.AsSpan(0, HashPlace), bytes.AsSpan(HashPlace));
        return bytes;
    }
}
