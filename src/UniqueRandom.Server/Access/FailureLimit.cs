using System.Net;
using System.Threading.RateLimiting;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Limits the requests without a valid key that one client address may make. Thread-safe.
/// </summary>
internal sealed class FailureLimit : IDisposable
{
    public const int Failures = 20;

    public static readonly TimeSpan ReplenishmentPeriod = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Limits the memory for any number of addresses. Addresses that share a bucket share its limit, which does not apply to
    /// valid keys.
    /// </summary>
    private const int Buckets = 4096;

    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, int>(
        address => RateLimitPartition.GetTokenBucketLimiter(BucketOf(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Failures,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = ReplenishmentPeriod,
            QueueLimit = 0,
        }));

    /// <summary>Counts a request without a valid key.</summary>
    /// <param name="address">The client's address; null for a Unix socket.</param>
    /// <returns>False if the address has made too many.</returns>
    public bool TryCount(IPAddress? address)
    {
        using var lease = limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    /// <summary>
    /// Gets the bucket of an IPv4 address, or of the /64 of an IPv6 address, because a client usually has a whole /64. The hash
    /// has a random seed in each process.
    /// </summary>
    private static int BucketOf(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var hash = new HashCode();
        hash.AddBytes(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
        return (int)((uint)hash.ToHashCode() % Buckets);
    }
}
