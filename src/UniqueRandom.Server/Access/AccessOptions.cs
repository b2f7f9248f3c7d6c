using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Access;

/// <summary>Who may use the server.</summary>
internal sealed record AccessOptions
{
    public const int LargestRequestsPerSecond = 1_000_000;

    /// <summary>The configured access keys. Default none: the server asks for no key, and serves loopback addresses only.</summary>
    public required IReadOnlyList<ApiKey> Keys { get; init; }

    /// <summary>Whether a server without keys serves other addresses than loopback. Default false.</summary>
    public required bool AllowsAnonymous { get; init; }

    /// <summary>Reads and validates the options.</summary>
    /// <exception cref="StartException">A value is not allowed, or anybody could reach a server without keys.</exception>
    public static AccessOptions From(IConfiguration configuration)
    {
        var settings = new Settings(configuration);
        var keys = KeySettings.Read(configuration, (int)settings.Integer("RequestsPerSecond", 1000, 1, LargestRequestsPerSecond));
        var allowsAnonymous = settings.Flag("AllowAnonymous");
        if (allowsAnonymous && keys.Count > 0)
        {
            throw new StartException(
                $"--allow-anonymous (UniqueRandom__AllowAnonymous) contradicts the keys in {Settings.KeysSection}; remove one of them.");
        }

        if (!allowsAnonymous && keys.Count == 0)
            ListenAddresses.RefusePublic(configuration);
        return new AccessOptions { Keys = keys, AllowsAnonymous = allowsAnonymous };
    }
}
