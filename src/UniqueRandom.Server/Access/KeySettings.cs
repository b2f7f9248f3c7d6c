using System.Security.Cryptography;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Access;

/// <summary>
/// Reads the section <c>UniqueRandom:Keys</c>. Messages omit invalid values, which may be keys in the wrong place.
/// </summary>
internal static class KeySettings
{
    private const string Sha256 = "Sha256";
    private const string Roles = "Roles";
    private const string RequestsPerSecond = "RequestsPerSecond";

    private static readonly string[] Members = [Sha256, Roles, RequestsPerSecond];
    private static readonly byte[] HashOfNothing = SHA256.HashData([]);

    /// <exception cref="StartException">The section is not valid.</exception>
    public static IReadOnlyList<ApiKey> Read(IConfiguration configuration, int requestsPerSecond)
    {
        var section = configuration.GetSection(Settings.KeysSection);
        if (section.Value is not null)
        {
            throw new StartException(
                $"{Settings.KeysSection} must have a section for each key, like {Settings.KeysSection}:shop:{Sha256}.");
        }

        var keys = section.GetChildren().Select(key => ReadKey(key, requestsPerSecond)).ToArray();
        for (var at = 1; at < keys.Length; at++)
        {
            if (keys[..at].FirstOrDefault(before => before.Hash.SequenceEqual(keys[at].Hash)) is not { } twin)
                continue;
            throw new StartException(
                $"{Settings.KeysSection}:{keys[at].Name}:{Sha256} is the same as that of {twin.Name}; "
                + "use a different key for each name.");
        }

        return keys;
    }

    private static ApiKey ReadKey(IConfigurationSection key, int requestsPerSecond)
    {
        // The same rule as for pools, so that the name can be used anywhere.
        if (!PoolName.IsValid(key.Key))
            throw new StartException($"{key.Path} is not a valid name of a key; use 1 to 64 of the characters a-z 0-9 - _.");
        if (key.Value is not null)
            throw new StartException($"{key.Path} must be a section with {string.Join(", ", Members)}.");
        foreach (var member in key.GetChildren())
        {
            if (!Members.Contains(member.Key, StringComparer.OrdinalIgnoreCase))
                throw new StartException($"Unknown setting '{member.Path}'; a key has {string.Join(", ", Members)}.");
        }

        return new ApiKey(key.Key, ReadHash(key), ReadRoles(key), ReadRequestsPerSecond(key) ?? requestsPerSecond);
    }

    private static byte[] ReadHash(IConfigurationSection key)
    {
        if (Text(key, Sha256) is not { Length: 2 * SHA256.HashSizeInBytes } hex || !hex.All(char.IsAsciiHexDigit))
            throw Refused(key, Sha256, "must be the SHA-256 of the key as 64 hexadecimal digits");
        var hash = Convert.FromHexString(hex);
        return hash.AsSpan().SequenceEqual(HashOfNothing) ? throw Refused(key, Sha256, "is the hash of an empty key") : hash;
    }

    private static string[] ReadRoles(IConfigurationSection key)
    {
        var roles = Text(key, Roles)?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        return roles is [_, ..] && roles.All(Role.All.Contains)
            ? roles
            : throw Refused(key, Roles, $"must be one or more of {string.Join(", ", Role.All)}, separated by commas");
    }

    private static int? ReadRequestsPerSecond(IConfigurationSection key)
    {
        if (!key.GetSection(RequestsPerSecond).Exists())
            return null;
        return (int?)Settings.ParseInteger(Text(key, RequestsPerSecond), 1, AccessOptions.LargestRequestsPerSecond)
            ?? throw Refused(key, RequestsPerSecond, $"must be an integer from 1 to {AccessOptions.LargestRequestsPerSecond}");
    }

    /// <summary>Gets the value of a member; null if it is a list or a section.</summary>
    private static string? Text(IConfigurationSection key, string member) =>
        key.GetSection(member) is var section && section.GetChildren().Any() ? null : section.Value;

    private static StartException Refused(IConfigurationSection key, string member, string rule) =>
        new($"{key.Path}:{member} {rule}.");
}
