using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Refuses requests that a browser sends for pages of other sites, if they would draw, change anything, or use up look-ups of
/// codes. Programs send none of the headers that are checked.
/// </summary>
internal static class CrossSite
{
    /// <summary>The metadata of a route that uses something up, whatever its method: numbers, or look-ups of codes.</summary>
    public static UsesUpMetadata UsesUp { get; } = new();

    public static RequestDelegate Guard(RequestDelegate next) => context =>
        IsCrossSite(context.Request) && IsGuarded(context) ? Problem.CrossSite().SendAsync(context) : next(context);

    /// <summary>
    /// Whether a browser has sent the request for a page of another site. <c>Sec-Fetch-Site</c> decides where it is present;
    /// browsers send it over HTTPS and to loopback addresses. Otherwise <c>Origin</c> must have the host and port of the request.
    /// </summary>
    public static bool IsCrossSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
            return site is not ["same-origin" or "none"];
        var origin = request.Headers.Origin;
        return origin.Count > 0 && !(origin is [{ } page] && request.Headers.Host is [{ } host] && IsSameHost(page, host));
    }

    /// <summary>
    /// Whether the route changes anything or uses it up. True unless all its methods are reads and it does not use anything up.
    /// </summary>
    private static bool IsGuarded(HttpContext context) => context.GetEndpoint() is { } endpoint
        && (endpoint.Metadata.GetMetadata<UsesUpMetadata>() is not null
            || endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods: var methods }
            || !methods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method)));

    /// <summary>Compares host and port. The scheme differs behind a proxy that ends TLS.</summary>
    private static bool IsSameHost(string origin, string host)
    {
        var scheme = origin.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && WithoutDefaultPort(origin.AsSpan(scheme + 3))
            .Equals(WithoutDefaultPort(host), StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> WithoutDefaultPort(ReadOnlySpan<char> host) =>
        host.EndsWith(":80") ? host[..^3] : host.EndsWith(":443") ? host[..^4] : host;

    public sealed class UsesUpMetadata;
}
