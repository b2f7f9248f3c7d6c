using Microsoft.AspNetCore.Http.Features.Authentication;

namespace UniqueRandom.Server.Access;

/// <summary>Gets the caller of a request.</summary>
internal static class Caller
{
    /// <summary>The name in the log of a caller without an access key.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>
    /// Gets the name of the request's key; null without one. Reads the feature and not <see cref="HttpContext.User"/>, which
    /// creates a principal where there is none, at the cost of every draw.
    /// </summary>
    public static string? Of(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity?.Name;
}
