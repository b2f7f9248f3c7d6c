namespace UniqueRandom.Server.Configuration;

/// <summary>Reads and validates the addresses that serve metrics and nothing else.</summary>
internal static class MetricsAddresses
{
    public const string Switch = "--metrics-urls";

    private const string Setting = "MetricsUrls";
    private const string Rule = "must be addresses with a port like http://127.0.0.1:9464, separated by semicolons";

    /// <summary>Reads the setting <c>MetricsUrls</c>; empty without it.</summary>
    /// <exception cref="StartException">
    /// The setting has no address, an invalid one, or the port of another address: the port of a connection decides what it gets.
    /// </exception>
    public static IReadOnlyList<string> Read(IConfiguration configuration)
    {
        if (configuration[$"{ServerOptions.Section}:{Setting}"] is not { } text)
            return [];
        var settings = new Settings(configuration);
        var urls = ListenAddresses.Split(text);
        if (urls.Length == 0)
            throw settings.Refused(Setting, Rule);
        var (others, otherSetting) = ListenAddresses.ReadHttp(configuration);
        foreach (var url in urls)
        {
            if (PortOf(url) is not { } port)
                throw settings.Refused(Setting, $"{Rule}: '{url}' is not one");
            if (others.FirstOrDefault(other => PortOf(other) == port) is { } same)
                throw settings.Refused(Setting, $"must not have the port of {same} in {otherSetting}");
        }

        return urls;
    }

    /// <summary>Gets the port of an address; null without one.</summary>
    public static int? PortOf(string url) =>
        ListenAddresses.Parse(url) is { IsUnixPipe: false, IsNamedPipe: false, Port: > 0 } address ? address.Port : null;

    /// <summary>
    /// Adds the addresses to Kestrel's own endpoints if there are any, because these replace all others.
    /// </summary>
    public static void AddEndpoints(ConfigurationManager configuration, IReadOnlyList<string> urls)
    {
        if (ListenAddresses.HasEndpoints(configuration))
        {
            configuration.AddInMemoryCollection(urls.Select((url, i) =>
                KeyValuePair.Create($"{ListenAddresses.EndpointsSection}:{Setting}{i}:Url", (string?)url)));
        }
    }
}
