using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Redis;

/// <summary>
/// The errors of commands: the problems of HTTP, behind the code that clients of Redis know. For example <c>ERR pool-closed: The
/// pool 'x' is closed permanently. Draw from another pool.</c>
/// </summary>
internal static class RedisError
{
    private const int MaximumQuote = 64;

    public static string Of(ProblemHttpResult problem)
    {
        var (type, detail) = (Problem.TypeOf(problem), problem.ProblemDetails.Detail);
        return problem.StatusCode switch
        {
            StatusCodes.Status401Unauthorized => $"NOAUTH {type}: A valid key is required. Send it with AUTH.",
            StatusCodes.Status403Forbidden => $"NOPERM {type}: {detail}",
            _ when type == Problem.StartingType => $"LOADING {type}: {detail}",
            _ => $"ERR {type}: {detail}",
        };
    }

    public static string OfArgument(string name, string rule) => Of(Problem.Invalid(name, rule));

    /// <summary>Shortens and quotes what a client sent.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes) =>
        $"'{Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaximumQuote)])}'";
}
