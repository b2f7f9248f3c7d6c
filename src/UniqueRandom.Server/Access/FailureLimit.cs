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
    /// Bounds the memory, whatever the number of addresses. Two addresses that share a bucket share a limit, which a valid key
    /// never meets.
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

    /// <summary>Counts a request without a valid key, and returns whether its client may make it.</summary>
    /// <param name="address">Where it came from; null for a Unix socket.</param>
    public bool TryCount(IPAddress? address)
    {
        using var lease = limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    /// <summary>
    /// An IPv6 client usually has a whole /64 to choose addresses from. The hash has a seed of its own in each process.
    /// </summary>
    private static int BucketOf(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var hash = new HashCode();
        hash.AddBytes(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
        return (int)((uint)hash.ToHashCode() % Buckets);
    }
}
