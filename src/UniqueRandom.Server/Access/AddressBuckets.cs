using System.Net;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Limits the memory that any number of client addresses take: those that share a bucket share its limit. Thread-safe.
/// </summary>
internal static class AddressBuckets
{
    private const int Count = 4096;

    /// <summary>
    /// Gets the bucket of an IPv4 address, or of the /64 of an IPv6 address, because a client usually has a whole /64. The hash
    /// has a random seed in each process.
    /// </summary>
    public static int Of(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var hash = new HashCode();
        hash.AddBytes(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
        return (int)((uint)hash.ToHashCode() % Count);
    }
}
