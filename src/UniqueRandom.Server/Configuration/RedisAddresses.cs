using System.Net;

namespace UniqueRandom.Server.Configuration;

/// <summary>Reads and validates the addresses that the Redis protocol is served on.</summary>
internal static class RedisAddresses
{
    public const string Scheme = "redis://";

    private const string Setting = "RedisUrls";
    private const string Rule = "must be addresses with a port like 127.0.0.1:6379 or localhost:6379, separated by semicolons";

    /// <summary>Reads the setting <c>RedisUrls</c>; empty without it.</summary>
    /// <exception cref="StartException">The setting has no address, an invalid one, or the same one twice.</exception>
    public static IReadOnlyList<EndPoint> Read(IConfiguration configuration)
    {
        if (configuration[$"{ServerOptions.Section}:{Setting}"] is not { } text)
            return [];
        var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var settings = new Settings(configuration);
        if (urls.Length == 0)
            throw settings.Refused(Setting, Rule);
        EndPoint[] endpoints =
            [.. urls.Select(url => Parse(url, out var error) ?? throw settings.Refused(Setting, $"{Rule}: '{url}' {error}"))];
        if (endpoints.GroupBy(endpoint => endpoint).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw settings.Refused(Setting, $"must not name {ToText(twice)} twice");
        var (addresses, setting) = ListenAddresses.ReadHttp(configuration);
        var metricsAddresses = MetricsAddresses.Read(configuration);
        foreach (var endpoint in endpoints)
        {
            if (ListenAddresses.FindSame(addresses, endpoint) is { } same)
                throw settings.Refused(Setting, $"must not name {same} of {setting}");
            if (ListenAddresses.FindSame(metricsAddresses, endpoint) is { } metrics)
                throw settings.Refused(Setting, $"must not name {metrics} of {MetricsAddresses.Switch}");
        }

        return endpoints;
    }

    /// <summary>Whether only this machine can reach an endpoint.</summary>
    public static bool IsLoopback(EndPoint endpoint) =>
        endpoint is not IPEndPoint address || IPAddress.IsLoopback(address.Address);

    /// <summary>Formats an endpoint as a URL.</summary>
    public static string ToText(EndPoint endpoint) =>
        $"{Scheme}{(endpoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.ToString())}";

    private static EndPoint? Parse(string url, out string? error)
    {
        error = null;
        var address = url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? url[Scheme.Length..].TrimEnd('/') : url;
        var colon = address.LastIndexOf(':');
        if (address.Contains("://", StringComparison.Ordinal))
            error = "has another scheme than redis";
        else if (colon < 0 || !ushort.TryParse(address.AsSpan(colon + 1), out var port) || port == 0)
            error = "does not end with a port from 1 to 65535";
        else if (address[..colon].Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return new DnsEndPoint("localhost", port);
        else if (IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port == port)
            return endpoint;
        else
            error = "has a host that is not localhost, an IPv4 address, or an IPv6 address in brackets";
        return null;
    }
}
