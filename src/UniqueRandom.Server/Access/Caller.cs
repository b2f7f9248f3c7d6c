using Microsoft.AspNetCore.Http.Features.Authentication;

namespace UniqueRandom.Server.Access;

/// <summary>Who asks.</summary>
internal static class Caller
{
    /// <summary>How the log calls somebody without an access key.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>
    /// The name of the request's key; null without one. Asks the feature and not <see cref="HttpContext.User"/>, which makes a
    /// principal where there is none, and every draw would pay for it.
    /// </summary>
    public static string? Of(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity?.Name;
}
