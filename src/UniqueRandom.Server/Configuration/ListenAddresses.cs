using System.Net;

namespace UniqueRandom.Server.Configuration;

/// <summary>Reads and validates the addresses that the server listens on.</summary>
internal static class ListenAddresses
{
    public const string EndpointsSection = "Kestrel:Endpoints";

    /// <summary>Reads the setting <c>Urls</c>.</summary>
    /// <exception cref="StartException">The setting has no address, or an invalid one.</exception>
    public static string Read(IConfiguration configuration)
    {
        var urls = configuration["Urls"] ?? "http://127.0.0.1:8000";
        // Without an address the host would listen on all interfaces, if it finds a port in the environment.
        if (Split(urls) is not [_, ..] each || each.Any(url => Parse(url) is null))
        {
            throw new StartException(
                "--urls (ASPNETCORE_URLS) must be addresses like http://127.0.0.1:8000, separated by semicolons; "
                + $"it is '{urls}'.");
        }

        return urls;
    }

    /// <summary>
    /// Returns the addresses for HTTP in the order in which Kestrel binds them, and the setting that has them. Kestrel's own
    /// endpoints replace those of <c>Urls</c>.
    /// </summary>
    public static (IReadOnlyList<string> Addresses, string Setting) ReadHttp(IConfiguration configuration) =>
        ReadEndpoints(configuration) is [_, ..] endpoints
            ? (endpoints, EndpointsSection)
            : (Split(Read(configuration)), "--urls");

    /// <summary>Returns the address for HTTP that has the host and the port of an endpoint; null without one.</summary>
    public static string? FindSame(IReadOnlyList<string> addresses, EndPoint endpoint)
    {
        var text = RedisAddresses.ToText(endpoint);
        return addresses.FirstOrDefault(url => Parse(url) is { } address
            && text.Equals($"{RedisAddresses.Scheme}{address.Host}:{address.Port}", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Throws if an address is not a loopback address, because anyone who can reach it could draw without a key.
    /// </summary>
    /// <exception cref="StartException">Other machines can reach an address.</exception>
    public static void RefusePublic(IConfiguration configuration)
    {
        var reachable = Split(Read(configuration)).Concat(ReadEndpoints(configuration)).FirstOrDefault(url => !IsLoopback(url))
            ?? MetricsAddresses.Read(configuration).FirstOrDefault(url => !IsLoopback(url))
            ?? RedisAddresses.Read(configuration).Where(endpoint => !RedisAddresses.IsLoopback(endpoint))
                .Select(RedisAddresses.ToText).FirstOrDefault();
        if (reachable is not null)
        {
            throw new StartException(
                $"Other machines can reach {reachable}, and could draw without a key; configure {Settings.KeysSection}, "
                + "or allow it with --allow-anonymous.");
        }
    }

    public static bool HasEndpoints(IConfiguration configuration) => ReadEndpoints(configuration).Length > 0;

    public static string[] Split(string urls) =>
        urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Parses an address; null if it is not one.</summary>
    public static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Port: >= 0 and <= IPEndPoint.MaxPort } address ? address : null;
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Interprets an address like Kestrel: a host other than localhost or an IP address means all interfaces.</summary>
    private static bool IsLoopback(string url) => Parse(url) is { } address
        && (address.IsUnixPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));

    private static string[] ReadEndpoints(IConfiguration configuration) =>
        [.. configuration.GetSection(EndpointsSection).GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];
}
