using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace UniqueRandom.Server.Access;

/// <summary>A bucket of requests for each key. It holds what the key may ask for in a second, and is filled up evenly.</summary>
internal static class KeyRateLimit
{
    public const string Policy = "key";

    public static IServiceCollection AddKeyRateLimit(this IServiceCollection services, AccessOptions options) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = SayWhenAsync;
            // Comes behind the authorization, so that somebody is known to ask.
            limiter.AddPolicy(Policy, context =>
                RateLimitPartition.GetTokenBucketLimiter(Caller.Of(context)!, name => BucketOf(options, name)));
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

    /// <summary>The RequestBoundary writes the problem.</summary>
    private static ValueTask SayWhenAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? Math.Ceiling(known.TotalSeconds) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, wait).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }
}
