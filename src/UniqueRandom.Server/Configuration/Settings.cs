using System.Globalization;

namespace UniqueRandom.Server.Configuration;

/// <summary>Reads and validates the section <c>UniqueRandom</c>. Each error is one line that names the setting.</summary>
internal sealed class Settings(IConfiguration configuration)
{
    public const string KeysSection = $"{ServerOptions.Section}:Keys";
    public const string WebhooksSection = $"{ServerOptions.Section}:Webhooks";

    private readonly IConfigurationSection section = configuration.GetSection(ServerOptions.Section);

    /// <exception cref="StartException">The section has a setting that does not exist.</exception>
    public void RefuseUnknown()
    {
        string[] known = [.. Switches.All.Select(known => known.Setting), KeysSection, WebhooksSection];
        foreach (var setting in section.GetChildren())
        {
            if (!known.Contains(setting.Path, StringComparer.OrdinalIgnoreCase))
                throw new StartException($"Unknown setting '{setting.Path}'; allowed are {string.Join(", ", known)}.");
        }
    }

    public string Text(string key, string fallback)
    {
        var value = section[key] ?? fallback;
        return value.Length > 0 ? value : throw new StartException($"{NameOf(key)} must not be empty.");
    }

    public string? OptionalText(string key) => section[key] is null ? null : Text(key, "");

    /// <summary>
    /// Throws if a setting that has no effect is set. The message omits its value, which may contain a password.
    /// </summary>
    public void RefuseAny(string reason, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (section[key] is not null)
                throw new StartException($"{NameOf(key)} {reason}.");
        }
    }

    public static long? ParseInteger(string? text, long smallest, long largest) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= smallest && value <= largest ? value : null;

    public long Integer(string key, long fallback, long smallest = long.MinValue, long largest = long.MaxValue)
    {
        if (section[key] is not { } text)
            return fallback;
        return ParseInteger(text, smallest, largest) ?? throw Refused(key, $"must be an integer from {smallest} to {largest}");
    }

    public bool Flag(string key)
    {
        if (section[key] is not { } text)
            return false;
        return bool.TryParse(text, out var value) ? value : throw Refused(key, "must be true or false");
    }

    public StartException Refused(string key, string rule) => new($"{NameOf(key)} {rule}; it is '{section[key]}'.");

    private static string NameOf(string key)
    {
        var known = Switches.All.First(known => known.Setting == $"{ServerOptions.Section}:{key}");
        return $"{known.Name} ({known.Environment})";
    }
}
