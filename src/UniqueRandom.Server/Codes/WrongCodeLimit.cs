using System.Net;
using System.Threading.RateLimiting;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;

namespace UniqueRandom.Server.Codes;

/// <summary>
/// Limits the wrong codes that one key and one client address may look up: mistyped ones, and those that were not issued. Above
/// the limit right ones are refused as well, because their answers would help to guess. Thread-safe.
/// </summary>
internal sealed class WrongCodeLimit(AccessOptions options) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> keys = PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, _ => BucketOf(options.WrongCodesPerMinute)));

    private readonly PartitionedRateLimiter<IPAddress> addresses = PartitionedRateLimiter.Create<IPAddress, int>(
        address => RateLimitPartition.GetTokenBucketLimiter(
            AddressBuckets.Of(address), _ => BucketOf(options.WrongCodesPerMinute)));

    /// <summary>Requires that the caller may look up a code.</summary>
    /// <exception cref="RefusedException">The key or the address has looked up too many wrong codes.</exception>
    public void Require(HttpContext context) => Acquire(context, 0);

    /// <summary>Counts a wrong code.</summary>
    /// <exception cref="RefusedException">The key or the address has looked up too many wrong codes before.</exception>
    public void Count(HttpContext context) => Acquire(context, 1);

    public void Dispose()
    {
        keys.Dispose();
        addresses.Dispose();
    }

    private void Acquire(HttpContext context, int codes)
    {
        using var ofAddress = addresses.AttemptAcquire(context.Connection.RemoteIpAddress ?? IPAddress.None, codes);
        using var ofKey = Caller.Of(context) is { } key ? keys.AttemptAcquire(key, codes) : null;
        if (!ofAddress.IsAcquired || ofKey is { IsAcquired: false })
        {
            throw new RefusedException(
                Problem.TooManyWrongCodes(options.WrongCodesPerMinute), Minute / options.WrongCodesPerMinute);
        }
    }

    private static TokenBucketRateLimiterOptions BucketOf(int perMinute)
    {
        var perPeriod = Math.Max(1, perMinute / (int)Minute.TotalSeconds);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = perPeriod,
            ReplenishmentPeriod = Minute * perPeriod / perMinute,
            QueueLimit = 0,
        };
    }
}
