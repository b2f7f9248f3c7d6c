using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Access;

/// <summary>Reads <c>UniqueRandom:KnownProxies</c>: the proxies whose <c>X-Forwarded-For</c> is trusted.</summary>
internal static class KnownProxies
{
    private const string Setting = "KnownProxies";

    /// <summary>Reads the proxies; null if there are none.</summary>
    /// <exception cref="StartException">The setting names no addresses, or another one trusts every client.</exception>
    public static ForwardedHeadersOptions? Read(IConfiguration configuration, Settings settings)
    {
        if (string.Equals(configuration["ForwardedHeaders_Enabled"], bool.TrueString, StringComparison.OrdinalIgnoreCase))
        {
            throw new StartException(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED would trust every client; name the proxies in --known-proxies.");
        }

        var section = configuration.GetSection($"{ServerOptions.Section}:{Setting}");
        if (!section.Exists())
            return null;

        var proxies = section.Value?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            // Follows the header back to the first address that is not a proxy.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        if (proxies.Length == 0 || !proxies.All(proxy => TryAdd(options, proxy)))
            throw settings.Refused(Setting, "must be IP addresses or networks like 10.0.0.5 or 10.1.0.0/16, separated by commas");
        return options;
    }

    private static bool TryAdd(ForwardedHeadersOptions options, string proxy)
    {
        if (!IPAddress.TryParse(proxy.Split('/')[0], out var address))
            return false;
        if (!proxy.Contains('/'))
            options.KnownProxies.Add(address);
        else if (System.Net.IPNetwork.TryParse(proxy, out var network)
            && network.PrefixLength > 0
            && network.BaseAddress.Equals(address))
            options.KnownIPNetworks.Add(network);
        else
            return false;
        // Of an IPv4 address only the usual spelling: 10.1 would be 10.0.0.1.
        return proxy.Contains(':') || proxy.StartsWith(address.ToString(), StringComparison.Ordinal);
    }
}
