using System.Security.Cryptography;
using System.Text;

namespace UniqueRandom.Server.Access;

/// <summary>The configured access keys.</summary>
internal sealed class KeyRing(AccessOptions options)
{
    private const int UsualLength = 256;

    /// <summary>Finds the key of a token, or null. The time it takes reveals nothing about the configured hashes.</summary>
    public ApiKey? Find(ReadOnlySpan<char> token)
    {
        var largest = Encoding.UTF8.GetMaxByteCount(token.Length);
        Span<byte> bytes = largest <= UsualLength ? stackalloc byte[UsualLength] : new byte[largest];
        return Find(bytes[..Encoding.UTF8.GetBytes(token, bytes)]);
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{char})"/>
    public ApiKey? Find(ReadOnlySpan<byte> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);

        ApiKey? found = null;
        foreach (var key in options.Keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash))
                found = key;
        }

        return found;
    }
}
