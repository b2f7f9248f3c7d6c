using Microsoft.AspNetCore.Http.Features.Authentication;

namespace UniqueRandom.Server.Access;

/// <summary>Identifies the caller of a request.</summary>
internal static class Caller
{
    /// <summary>The name in the log for callers without an access key.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>
    /// Gets the name of the request's access key; null without one. Reads the feature, because <see cref="HttpContext.User"/>
    /// allocates a principal for every request without one.
    /// </summary>
    public static string? Of(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity?.Name;

    /// <summary>Whether the caller has a role. On a server without keys everybody has all of them.</summary>
    public static bool Has(HttpContext context, string role) => Of(context) is null || context.User.IsInRole(role);
}
