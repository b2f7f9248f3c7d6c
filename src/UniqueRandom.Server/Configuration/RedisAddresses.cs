using System.Net;

namespace UniqueRandom.Server.Configuration;

/// <summary>Reads and validates the addresses that the Redis protocol is served on.</summary>
internal static class RedisAddresses
{
    private const string Setting = "RedisUrls";
    private const string Scheme = "redis://";

    /// <summary>Reads the setting <c>RedisUrls</c>; empty without it.</summary>
    /// <exception cref="StartException">The setting has no address, or an invalid one.</exception>
    public static IReadOnlyList<EndPoint> Read(IConfiguration configuration)
    {
        if (configuration[$"{ServerOptions.Section}:{Setting}"] is not { } text)
            return [];
        var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        EndPoint?[] endpoints = [.. urls.Select(Parse)];
        if (endpoints.Length == 0 || endpoints.Contains(null))
        {
            throw new Settings(configuration).Refused(
                Setting, "must be addresses with a port like 127.0.0.1:6379 or localhost:6379, separated by semicolons");
        }

        return endpoints!;
    }

    /// <summary>Whether only this machine can reach an endpoint.</summary>
    public static bool IsLoopback(EndPoint endpoint) =>
        endpoint is not IPEndPoint address || IPAddress.IsLoopback(address.Address);

    /// <summary>Formats an endpoint as a URL.</summary>
    public static string ToText(EndPoint endpoint) =>
        $"{Scheme}{(endpoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.ToString())}";

    private static EndPoint? Parse(string url)
    {
        var address = url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? url[Scheme.Length..].TrimEnd('/') : url;
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(address.AsSpan(colon + 1), out var port) || port == 0)
            return null;
        if (address[..colon].Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return new DnsEndPoint("localhost", port);
        return IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port == port ? endpoint : null;
    }
}
