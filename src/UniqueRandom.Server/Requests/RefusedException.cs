using Microsoft.AspNetCore.Http.HttpResults;

namespace UniqueRandom.Server.Requests;

/// <summary>The request is refused with a problem, which <c>RequestBoundary</c> sends.</summary>
internal sealed class RefusedException(ProblemHttpResult problem) : Exception(problem.ProblemDetails.Detail)
{
    public ProblemHttpResult Problem => problem;
}
