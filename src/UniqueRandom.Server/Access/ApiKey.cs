using System.Security.Claims;

namespace UniqueRandom.Server.Access;

/// <summary>A configured access key. Only its hash is known.</summary>
internal sealed class ApiKey(string name, byte[] hash, IReadOnlyCollection<string> roles, int requestsPerSecond)
{
    /// <summary>The name of the key. Not a secret.</summary>
    public string Name { get; } = name;

    public int RequestsPerSecond { get; } = requestsPerSecond;

    /// <summary>Whether the key has a role.</summary>
    public bool Has(string role) => roles.Contains(role);

    /// <summary>Gets the SHA-256 of the key's UTF-8 bytes.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Shared by all requests with this key.</summary>
    public ClaimsPrincipal Principal { get; } = new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), .. roles.Select(role => new Claim(ClaimTypes.Role, role))],
        BearerKeys.Scheme));
}
