using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client.Resilience;

/// <summary>
/// The strategies of the client: a request is repeated until it has an answer that a repetition would not change. Each attempt
/// has a limit, and all together have none.
/// </summary>
internal static class UntilAnswered
{
    public static void AddTo(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TimeSpan attemptTimeout) => pipeline
        .AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldRetryAfterHeader = true,
            ShouldHandle = ShouldRepeatAsync,
        })
        .AddTimeout(attemptTimeout);

    private static ValueTask<bool> ShouldRepeatAsync(RetryPredicateArguments<HttpResponseMessage> attempt)
    {
        var cancellationToken = attempt.Context.CancellationToken;
        if (attempt.Context.GetRequestMessage() is { } request && request.Options.TryGetValue(Attempts.IsOnlyOne, out _))
            return ValueTask.FromResult(false);
        return attempt.Outcome.Result is { } response
            ? IsTransientAsync(response, cancellationToken)
            : ValueTask.FromResult(Attempts.HasNoAnswer(attempt.Outcome.Exception, cancellationToken));
    }

    private static async ValueTask<bool> IsTransientAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout:
                return true;
            case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                // A valid key is never refused with too-many-failures; the other two wait for the operator.
                var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
                return problem.Type is not (ProblemTypes.TooManyFailures or ProblemTypes.OutOfDisk or ProblemTypes.OutOfMemory);
            default:
                return false;
        }
    }
}
