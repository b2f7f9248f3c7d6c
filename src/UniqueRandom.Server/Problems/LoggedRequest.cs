namespace UniqueRandom.Server.Problems;

/// <summary>What the logs and traces of the server have of a request.</summary>
internal static class LoggedRequest
{
    private const string Code = "code";

    /// <summary>Gets the path, without a code that was looked up: whoever reads it could redeem it.</summary>
    public static string LoggedPath(this HttpRequest request) => request.RouteValues.ContainsKey(Code)
        ? $"{request.Path.Value![..(request.Path.Value!.LastIndexOf('/') + 1)]}{{{Code}}}"
        : request.Path.Value ?? "";
}
