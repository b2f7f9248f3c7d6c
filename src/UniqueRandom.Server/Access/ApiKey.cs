using System.Security.Claims;

namespace UniqueRandom.Server.Access;

/// <summary>A configured key, of which nothing but its hash is known here.</summary>
internal sealed class ApiKey(string name, byte[] hash, IReadOnlyCollection<string> roles, int requestsPerSecond)
{
    /// <summary>Who has the key. May be logged and answered.</summary>
    public string Name { get; } = name;

    public int RequestsPerSecond { get; } = requestsPerSecond;

    /// <summary>The SHA-256 of the key's UTF-8 bytes.</summary>
    public ReadOnlySpan<byte> Hash => hash;

    /// <summary>Made once, for all requests that bring the key.</summary>
    public ClaimsPrincipal Principal { get; } = new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), .. roles.Select(role => new Claim(ClaimTypes.Role, role))],
        BearerKeys.Scheme));
}
