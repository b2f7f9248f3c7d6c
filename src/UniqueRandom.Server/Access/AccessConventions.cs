using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;

namespace UniqueRandom.Server.Access;

/// <summary>Says of a route what a key must be allowed to. Without keys in the settings it says nothing, and costs nothing.</summary>
internal static class AccessConventions
{
    private static readonly EnableRateLimitingAttribute Limited = new(KeyRateLimit.Policy);

    /// <summary>A key with the role <c>draw</c>.</summary>
    public static TRoute RequiresDraw<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder => route.Requires(new AuthorizeAttribute(Role.Draw));

    /// <summary>A key with the role <c>admin</c>.</summary>
    public static TRoute RequiresAdmin<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder => route.Requires(new AuthorizeAttribute(Role.Admin));

    /// <summary>Any key.</summary>
    public static TRoute RequiresKey<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder => route.Requires(new AuthorizeAttribute());

    private static TRoute Requires<TRoute>(this TRoute route, AuthorizeAttribute rule)
        where TRoute : IEndpointConventionBuilder
    {
        route.Add(endpoint =>
        {
            if (endpoint.ApplicationServices.GetRequiredService<AccessOptions>().Keys.Count == 0)
                return;

            endpoint.Metadata.Add(rule);
            endpoint.Metadata.Add(Limited);
        });
        return route;
    }
}
