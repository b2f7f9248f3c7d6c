using System.Globalization;

namespace UniqueRandom.Server.Configuration;

/// <summary>Reads the section <c>UniqueRandom</c>, and says in one line what is wrong with it.</summary>
internal sealed class Settings(IConfiguration configuration)
{
    private readonly IConfigurationSection section = configuration.GetSection(ServerOptions.Section);

    public void RefuseUnknown()
    {
        foreach (var setting in section.GetChildren())
        {
            if (!Switches.All.Any(known => known.Setting.Equals(setting.Path, StringComparison.OrdinalIgnoreCase)))
                throw new StartException($"Unknown setting '{setting.Path}'; known are {string.Join(", ", Switches.All.Select(known => known.Setting))}.");
        }
    }

    public string Text(string key, string fallback)
    {
        var value = section[key] ?? fallback;
        return value.Length > 0 ? value : throw Refused(key, "must not be empty");
    }

    public long Integer(string key, long fallback, long smallest = long.MinValue, long largest = long.MaxValue)
    {
        if (section[key] is not { } text)
            return fallback;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= smallest && value <= largest
            ? value
            : throw Refused(key, $"must be an integer from {smallest} to {largest}");
    }

    public StartException Refused(string key, string rule)
    {
        var known = Switches.All.First(known => known.Setting == $"{ServerOptions.Section}:{key}");
        return new StartException($"{known.Name} ({known.Environment}) {rule}; it is '{section[key]}'.");
    }
}
