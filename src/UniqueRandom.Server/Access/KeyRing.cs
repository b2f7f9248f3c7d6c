using System.Security.Cryptography;
using System.Text;

namespace UniqueRandom.Server.Access;

/// <summary>Finds the configured keys.</summary>
internal sealed class KeyRing(AccessOptions options)
{
    private const int UsualLength = 256;

    /// <summary>Finds the key of a token; null if it is unknown. The time this takes reveals nothing about the hashes.</summary>
    public ApiKey? Find(ReadOnlySpan<char> token)
    {
        var largest = Encoding.UTF8.GetMaxByteCount(token.Length);
        Span<byte> bytes = largest <= UsualLength ? stackalloc byte[UsualLength] : new byte[largest];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);

        ApiKey? found = null;
        foreach (var key in options.Keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash))
                found = key;
        }

        return found;
    }
}
