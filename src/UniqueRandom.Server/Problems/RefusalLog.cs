using Microsoft.AspNetCore.Http.HttpResults;

namespace UniqueRandom.Server.Problems;

/// <summary>Logs the requests and commands that are refused. Nothing in a reason is secret.</summary>
internal sealed partial class RefusalLog(ILogger<RefusalLog> logger)
{
    /// <param name="request">The request.</param>
    /// <param name="problem">The answer.</param>
    /// <param name="reason">What the answer does not say; null for its detail.</param>
    public void LogRequest(HttpRequest request, ProblemHttpResult problem, string? reason)
    {
        var details = problem.ProblemDetails;
        LogRequest(request.Method, request.LoggedPath(), problem.StatusCode, details.Title, reason ?? details.Detail);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A command over the Redis protocol was refused: {Reason}")]
    public partial void LogCommand(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path} was refused with {Status}: {Title}. {Reason}")]
    private partial void LogRequest(string method, string path, int status, string? title, string? reason);
}
