using System.Net;

namespace UniqueRandom.Server.Configuration;

/// <summary>Reads and validates the addresses that the server listens on.</summary>
internal static class ListenAddresses
{
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
    /// Throws if an address is not a loopback address, because anyone who can reach it could draw without a key.
    /// </summary>
    /// <exception cref="StartException">Other machines can reach an address.</exception>
    public static void RefusePublic(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Select(endpoint => endpoint["Url"]).OfType<string>();
        var reachable = Split(Read(configuration)).Concat(endpoints).FirstOrDefault(url => !IsLoopback(url))
            ?? RedisAddresses.Read(configuration).Where(endpoint => !RedisAddresses.IsLoopback(endpoint))
                .Select(RedisAddresses.ToText).FirstOrDefault();
        if (reachable is not null)
        {
            throw new StartException(
                $"Other machines can reach {reachable}, and could draw without a key; configure {Settings.KeysSection}, "
                + "or allow it with --allow-anonymous.");
        }
    }

    /// <summary>Interprets an address like Kestrel: a host other than localhost or an IP address means all interfaces.</summary>
    private static bool IsLoopback(string url) => Parse(url) is { } address
        && (address.IsUnixPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));

    private static string[] Split(string urls) =>
        urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
