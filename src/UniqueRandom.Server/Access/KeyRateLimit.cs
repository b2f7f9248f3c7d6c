using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Limits the rate of each key with a token bucket that holds the requests of one second, across all protocols. Thread-safe.
/// </summary>
internal sealed class KeyRateLimit(AccessOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string?> limiter = PartitionedRateLimiter.Create<string?, string>(
        name => name is null
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(name, _ => BucketOf(options, name)));

    /// <summary>Gets the limiter of HTTP requests: those with a key, to routes that require one.</summary>
    public PartitionedRateLimiter<HttpContext> OfRequests => limiter.WithTranslatedKey<HttpContext>(
        context => context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null ? null : Caller.Of(context),
        leaveOpen: true);

    /// <summary>Counts a command with a key.</summary>
    /// <returns>False if the key has reached its limit.</returns>
    public bool TryCount(ApiKey key)
    {
        using var lease = limiter.AttemptAcquire(key.Name);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

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
}

internal static class KeyRateLimitServices
{
    public static IServiceCollection AddKeyRateLimit(this IServiceCollection services)
    {
        services.AddSingleton<KeyRateLimit>();
        services.AddOptions<RateLimiterOptions>().Configure<KeyRateLimit>((limiter, keys) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = AddRetryAfterAsync;
            limiter.GlobalLimiter = keys.OfRequests;
        });
        return services.AddRateLimiter(_ => { });
    }

    /// <summary>Adds the header; the RequestBoundary writes the problem.</summary>
    private static ValueTask AddRetryAfterAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? Math.Ceiling(known.TotalSeconds) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, wait).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }
}
