using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace UniqueRandom.Server.Access;

/// <summary>Limits the rate of each key with a token bucket that holds the requests of one second.</summary>
internal static class KeyRateLimit
{
    public const string Policy = "key";

    public static IServiceCollection AddKeyRateLimit(this IServiceCollection services, AccessOptions options) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = AddRetryAfterAsync;
            // The limiter runs after the authorization, so the caller is known.
            limiter.AddPolicy(
                Policy,
                context => RateLimitPartition.GetTokenBucketLimiter(Caller.Of(context)!, name => BucketOf(options, name)));
        });

    private static TokenBucketRateLimiterOptions BucketOf(AccessOptions options, string name)
    {
        var requests = options.Keys.Single(key => key.Name == name).RequestsPerSecond;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = requests,
            TokensPerPeriod = requests,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        };
    }

    /// <summary>Adds the header; the RequestBoundary writes the problem.</summary>
    private static ValueTask AddRetryAfterAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? Math.Ceiling(known.TotalSeconds) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, wait).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }
}
