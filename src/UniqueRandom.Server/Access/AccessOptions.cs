using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Access;

/// <summary>The validated settings of access to the server.</summary>
internal sealed record AccessOptions
{
    public const int LargestRequestsPerSecond = 1_000_000;

    public const int LargestWrongCodesPerMinute = 1_000_000;

    /// <summary>
    /// The configured access keys. Default none: the server requires no key, and serves loopback addresses only.
    /// </summary>
    public required IReadOnlyList<ApiKey> Keys { get; init; }

    /// <summary>How many wrong codes a key, or an address, may look up at once, and a minute after that. Default 20.</summary>
    public required int WrongCodesPerMinute { get; init; }

    /// <summary>Whether a server without keys serves other addresses than loopback. Default false.</summary>
    public required bool AllowsAnonymous { get; init; }

    /// <summary>
    /// Which Host headers are answered; null for all. Default: loopback hosts without keys, all hosts with keys.
    /// </summary>
    public required HostRule? Hosts { get; init; }

    /// <summary>The proxies whose X-Forwarded-For is trusted; null for none, the default.</summary>
    public required ForwardedHeadersOptions? Proxies { get; init; }

    /// <summary>Reads and validates the options.</summary>
    /// <exception cref="StartException">A value is not allowed, or other machines could reach a server without keys.</exception>
    public static AccessOptions From(IConfiguration configuration)
    {
        var settings = new Settings(configuration);
        var keys = KeySettings.Read(configuration, (int)settings.Integer("RequestsPerSecond", 1000, 1, LargestRequestsPerSecond));
        var (hasKeys, allowsAnonymous) = (keys.Count > 0, settings.Flag("AllowAnonymous"));
        if (allowsAnonymous && hasKeys)
        {
            throw new StartException(
                "--allow-anonymous (UniqueRandom__AllowAnonymous) contradicts the keys in "
                + $"{Settings.KeysSection}; remove one of them.");
        }

        if (!allowsAnonymous && !hasKeys)
            ListenAddresses.RefusePublic(configuration);
        return new AccessOptions
        {
            Keys = keys,
            WrongCodesPerMinute = (int)settings.Integer("WrongCodesPerMinute", 20, 1, LargestWrongCodesPerMinute),
            AllowsAnonymous = allowsAnonymous,
            Hosts = HostRule.Read(configuration, hasKeys, allowsAnonymous),
            Proxies = KnownProxies.Read(configuration, settings),
        };
    }
}
