using System.Net;

namespace UniqueRandom.Server.Configuration;

/// <summary>Where the server listens, and who can reach it there.</summary>
internal static class ListenAddresses
{
    /// <summary>Reads the setting <c>Urls</c>.</summary>
    /// <exception cref="StartException">It has no address, or something else.</exception>
    public static string Read(IConfiguration configuration)
    {
        var urls = configuration["Urls"] ?? "http://127.0.0.1:8000";
        // Of no address at all the host would make one that everybody can reach, if it finds a port in the environment.
        if (Split(urls) is not [_, ..] each || each.Any(url => Parse(url) is null))
            throw new StartException($"--urls (ASPNETCORE_URLS) must be addresses like http://127.0.0.1:8000, separated by semicolons; it is '{urls}'.");
        return urls;
    }

    /// <summary>Without keys, whoever reaches the server can draw: only this machine may.</summary>
    /// <exception cref="StartException">An address can be reached from elsewhere.</exception>
    public static void RefusePublic(IConfiguration configuration)
    {
        // Kestrel's own section is the other way to say where to listen.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        foreach (var url in Split(Read(configuration)).Concat(endpoints))
        {
            if (!IsLoopback(url))
                throw new StartException($"{url} can be reached from elsewhere, and anybody could draw; configure {Settings.KeysSection}, or allow it with --allow-anonymous.");
        }
    }

    /// <summary>As Kestrel reads it: a host that is neither localhost nor an IP address means every address there is.</summary>
    private static bool IsLoopback(string url) => Parse(url) is { } address
        && (address.IsUnixPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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
