using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Refuses requests for a host that the server does not answer with 421. ASP.NET Core's own filter answers 400, exempts no path
/// and knows neither loopback addresses nor IP addresses; its matching of names is used.
/// </summary>
internal sealed class HostFilter(HostRule rule, RequestDelegate next)
{
    /// <summary>Nearly all requests have the same host, which is then neither parsed nor matched again.</summary>
    private volatile string lastAllowed = "";

    public Task InvokeAsync(HttpContext context) =>
        IsAllowed(context.Request) || IsExempt(context) ? next(context) : Problem.HostNotAllowed().SendAsync(context);

    private bool IsAllowed(HttpRequest request)
    {
        if (request.Headers.Host is not [{ Length: > 0 } host])
            return false;
        if (host == lastAllowed)
            return true;
        if (!rule.Allows(host))
            return false;
        lastAllowed = host;
        return true;
    }

    /// <summary>Monitors ask under any name for what is no secret. No browser reaches a Unix socket.</summary>
    private static bool IsExempt(HttpContext context) => context.Request.Path.Value is "/health" or "/health/ready"
        || context.Features.Get<IConnectionEndPointFeature>()?.LocalEndPoint is UnixDomainSocketEndPoint;
}
