using System.Net;
using System.Threading.RateLimiting;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Limits the requests without a valid key that one client address may make. The limit does not apply to valid keys. Thread-safe.
/// </summary>
internal sealed class FailureLimit : IDisposable
{
    public const int Failures = 20;

    public static readonly TimeSpan ReplenishmentPeriod = TimeSpan.FromSeconds(3);

    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, int>(
        address => RateLimitPartition.GetTokenBucketLimiter(AddressBuckets.Of(address), _ => new TokenBucketRateLimiterOptions
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
}
