using System.Net;
using Microsoft.Extensions.Primitives;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Decides which values of the Host header are answered. A web page whose name was rebound to this server's address still sends
/// its own name, so a server without keys answers only names and addresses that no page can have.
/// </summary>
internal sealed class HostRule
{
    public const string Setting = "AllowedHosts";

    private readonly IList<StringSegment> patterns;

    private HostRule(IList<StringSegment> patterns) => this.patterns = patterns;

    /// <summary>Whether <c>localhost</c>, 127.0.0.0/8 and <c>[::1]</c> are answered in addition to the patterns.</summary>
    private bool AllowsLoopback { get; init; }

    /// <summary>Whether every IP address is answered in addition to the patterns.</summary>
    private bool AllowsAddresses { get; init; }

    /// <summary>Reads the rule; null when every host is answered.</summary>
    /// <exception cref="StartException">The setting <c>AllowedHosts</c> has no effect, or names no hosts.</exception>
    public static HostRule? Read(IConfiguration configuration, bool hasKeys, bool allowsAnonymous)
    {
        var patterns = ReadPatterns(configuration.GetSection(Setting));
        if (patterns is not null && !hasKeys && !allowsAnonymous)
        {
            throw new StartException(
                $"{Setting} needs {Settings.KeysSection} or --allow-anonymous; without them only loopback hosts are answered.");
        }

        if (patterns?.Contains("*") ?? hasKeys)
            return null;
        return new HostRule(patterns ?? []) { AllowsLoopback = !hasKeys, AllowsAddresses = !hasKeys && allowsAnonymous };
    }

    /// <summary>Whether requests with this Host header are answered. The port does not matter.</summary>
    public bool Allows(string host)
    {
        var name = new HostString(host).Host;
        if (AllowsLoopback && name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (AllowsLoopback && ParseAddress(name) is { } address
            && (AllowsAddresses || address.Equals(IPAddress.IPv6Loopback) || address.GetAddressBytes() is [127, _, _, _]))
        {
            return true;
        }

        return HostString.MatchesAny(name, patterns);
    }

    /// <summary>
    /// Reads an address in the canonical form that browsers send; null for other forms, such as <c>0x7f.1</c>, and for names.
    /// </summary>
    private static IPAddress? ParseAddress(string host)
    {
        if (host is ['[', .. var inner, ']'])
            return IPAddress.TryParse(inner, out var v6) && inner.Contains(':') && !inner.Contains('%') ? v6 : null;
        return IPAddress.TryParse(host, out var v4) && v4.ToString() == host ? v4 : null;
    }

    /// <summary>Reads the patterns in the format of ASP.NET Core's host filtering; null without the setting.</summary>
    private static StringSegment[]? ReadPatterns(IConfigurationSection setting)
    {
        if (!setting.Exists())
            return null;
        var patterns = setting.Value?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (patterns.Length == 0 || !patterns.All(IsPattern))
        {
            throw new StartException(
                $"{Setting} must be hosts without a port, like numbers.example.com or *.example.com, separated by semicolons; "
                + $"it is '{setting.Value}'.");
        }

        // Browsers send names in their ASCII form.
        return [.. patterns.Select(pattern => new StringSegment(new HostString(pattern).ToUriComponent()))];
    }

    private static bool IsPattern(string pattern) =>
        pattern == "*"
        || Uri.CheckHostName(pattern is ['*', '.', .. var domain] ? domain : pattern) != UriHostNameType.Unknown;
}
