using System.Security.Cryptography;
using System.Text;

namespace UniqueRandom.Server.Access;

/// <summary>All keys that open this server.</summary>
internal sealed class KeyRing(AccessOptions options)
{
    private const int UsualLength = 256;

    /// <summary>The key of a token, or null. How long it takes tells nothing about the hashes that are configured.</summary>
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
