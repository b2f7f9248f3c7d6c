using System.Text.RegularExpressions;

namespace UniqueRandom.Server.Problems;

/// <summary>What the logs and traces of the server have of a request.</summary>
internal static partial class LoggedRequest
{
    /// <summary>
    /// Gets the path, without a code that was looked up: whoever reads it could redeem it. The text decides, because a request
    /// that is refused has no route.
    /// </summary>
    public static string LoggedPath(this HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var route = path.Contains("codes", StringComparison.OrdinalIgnoreCase) ? BeforeCode().Match(path) : Match.Empty;
        return route.Success && route.Length < path.Length ? $"{route.Value}{{code}}" : path;
    }

    /// <summary>A path is decoded but for slashes. A pool can have the name <c>codes</c>.</summary>
    [GeneratedRegex("^(?:/|%2F)*pools(?:/|%2F).*?(?:/|%2F)codes(?:/|%2F)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex BeforeCode();
}
