using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client.Resilience;

/// <summary>
/// The strategies of the client: a request is retried until it has a response that a retry would not change. Each attempt has a
/// limit, except one with a long body, and all together have none.
/// </summary>
internal static class RetryPipeline
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    public static void AddTo(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TimeSpan attemptTimeout)
    {
        var options = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldRetryAfterHeader = true,
            ShouldHandle = ShouldRetryAsync,
        };
        var retryAfter = options.DelayGenerator!;
        options.DelayGenerator = async attempt => await retryAfter(attempt).ConfigureAwait(false)
            ?? DelayAfter(attempt.AttemptNumber, Random.Shared.NextDouble());
        pipeline.AddRetry(options).AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = attempt => ValueTask.FromResult(
                attempt.Context.GetRequestMessage()?.Options.TryGetValue(Attempts.IsLong, out _) == true
                    ? Timeout.InfiniteTimeSpan
                    : attemptTimeout),
        });
    }

    /// <summary>Gets the delay after an attempt.</summary>
    /// <remarks>Polly's own jitter is lost at the maximum: clients that lost the same server would return in step.</remarks>
    /// <param name="attempt">The 0-based number of the attempt.</param>
    /// <param name="random">A random number from 0 to 1.</param>
    internal static TimeSpan DelayAfter(int attempt, double random)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt, 10));
        return (delay < LongestDelay ? delay : LongestDelay) * (0.5 + random / 2);
    }

    private static ValueTask<bool> ShouldRetryAsync(RetryPredicateArguments<HttpResponseMessage> attempt)
    {
        var cancellationToken = attempt.Context.CancellationToken;
        if (attempt.Context.GetRequestMessage() is { } request && request.Options.TryGetValue(Attempts.IsOnlyOne, out _))
            return ValueTask.FromResult(false);
        return attempt.Outcome.Result is { } response
            ? IsTransientAsync(response, cancellationToken)
            : ValueTask.FromResult(Attempts.HasNoResponse(attempt.Outcome.Exception, cancellationToken));
    }

    private static async ValueTask<bool> IsTransientAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
            and < HttpStatusCode.InternalServerError)
        {
            return false;
        }

        // Without a type a proxy has responded, which does not know what the server did. An internal error may come each time, a
        // full disk and too little memory wait for the operator, a valid key is never refused with too-many-failures, and a retry
        // of too-many-wrong-codes would guess on.
        var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return problem.Type is not (ProblemTypes.InternalError or ProblemTypes.OutOfDisk or ProblemTypes.OutOfMemory
            or ProblemTypes.TooManyFailures or ProblemTypes.TooManyWrongCodes);
    }
}
