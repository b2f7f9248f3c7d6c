using Microsoft.AspNetCore.Http.HttpResults;

namespace UniqueRandom.Server.Requests;

/// <summary>A request can't be carried out as it is. Thrown where it is read, and answered at the <c>RequestBoundary</c>.</summary>
internal sealed class RefusedException(ProblemHttpResult problem) : Exception(problem.ProblemDetails.Detail)
{
    public ProblemHttpResult Problem => problem;
}
