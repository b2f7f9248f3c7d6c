using Microsoft.AspNetCore.Http.HttpResults;

namespace UniqueRandom.Server.Requests;

/// <summary>The request is refused with a problem, which <c>RequestBoundary</c> sends.</summary>
/// <param name="problem">The problem.</param>
/// <param name="retryAfter">When to retry; null, the default, for what the problem says.</param>
internal sealed class RefusedException(ProblemHttpResult problem, TimeSpan? retryAfter = null)
    : Exception(problem.ProblemDetails.Detail)
{
    public TimeSpan? RetryAfter => retryAfter;

    public ProblemHttpResult Problem => problem;
}
