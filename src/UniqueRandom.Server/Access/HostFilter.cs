using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using UniqueRandom.Server.Problems;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Answers 421 to requests for a host that is not allowed. ASP.NET Core's host filtering answers 400, and can neither exempt a
/// path nor allow all loopback or IP addresses; its matching of names is used.
/// </summary>
internal sealed class HostFilter(HostRule rule, RequestDelegate next)
{
    /// <summary>Caches the host that most requests have.</summary>
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

    /// <summary>Health checks use any host name and reveal no secret. Browsers can't reach a Unix socket.</summary>
    private static bool IsExempt(HttpContext context) => context.Request.Path.Value is "/health" or "/health/ready"
        || context.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix;
}
