using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Redis;

/// <summary>
/// The errors of commands: the problems of HTTP, behind a code that clients of Redis know. For example <c>ERR pool-closed: The
/// pool 'x' is closed permanently. Use another pool.</c>
/// </summary>
internal static class RedisError
{
    public const string NoKey = "NOAUTH unauthorized: A valid key is required. Send it with AUTH, or with HELLO 3 AUTH.";

    public const string Canceled = "ERR canceled: The client has shut down its sending side. Nothing was drawn.";

    /// <summary>More than a command of Redis has, and less than an access key: the error is logged.</summary>
    private const int MaximumQuote = 24;

    public static string Of(ProblemHttpResult problem)
    {
        var type = Problem.TypeOf(problem);
        var code = problem.StatusCode == StatusCodes.Status403Forbidden ? "NOPERM"
            : type == Problem.StartingType ? "LOADING"
            : "ERR";
        return $"{code} {type}: {problem.ProblemDetails.Detail}";
    }

    public static string OfArgument(string name, string rule) => Of(Problem.Invalid(name, rule));

    /// <summary>Shortens and quotes what a client sent. Line breaks and other control characters become spaces.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaximumQuote)]);
        return $"'{string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character))}'";
    }
}
