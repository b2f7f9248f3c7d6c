using Microsoft.AspNetCore.Authorization;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Adds the access rules of a route. Without configured keys no key is required, and routes get no rule for one.
/// </summary>
internal static class AccessConventions
{
    /// <summary>Requires a key with the role <c>draw</c>, and refuses cross-site requests with any method.</summary>
    public static TRoute RequiresDraw<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(CrossSite.UsesUp));
        return route.Requires(new AuthorizeAttribute(Role.Draw));
    }

    /// <summary>Requires a key with the role <c>admin</c>.</summary>
    public static TRoute RequiresAdmin<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder => route.Requires(new AuthorizeAttribute(Role.Admin));

    /// <summary>Requires a key with the role <c>lookup</c>, and refuses cross-site requests with any method.</summary>
    public static TRoute RequiresLookup<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(CrossSite.UsesUp));
        return route.Requires(new AuthorizeAttribute(Role.Lookup));
    }

    /// <summary>Requires any key.</summary>
    public static TRoute RequiresKey<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder => route.Requires(new AuthorizeAttribute());

    private static TRoute Requires<TRoute>(this TRoute route, AuthorizeAttribute rule)
        where TRoute : IEndpointConventionBuilder
    {
        route.Add(endpoint =>
        {
            if (endpoint.ApplicationServices.GetRequiredService<AccessOptions>().Keys.Count > 0)
                endpoint.Metadata.Add(rule);
        });
        return route;
    }
}
