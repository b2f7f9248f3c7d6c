using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Testing.Http;

/// <summary>A caller with a key: its configuration, and requests that send it.</summary>
internal sealed record KeyHolder(string Name, string Roles, string? RequestsPerSecond = null)
{
    public string Key { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public string Hash => HashOf(Key);

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The environment variables that configure these keys.</summary>
    public static Dictionary<string, string> Environment(params IEnumerable<KeyHolder> holders)
    {
        var environment = new Dictionary<string, string>();
        foreach (var holder in holders)
        {
            environment.Add($"UniqueRandom__Keys__{holder.Name}__Sha256", holder.Hash);
            environment.Add($"UniqueRandom__Keys__{holder.Name}__Roles", holder.Roles);
            if (holder.RequestsPerSecond is { } requests)
                environment.Add($"UniqueRandom__Keys__{holder.Name}__RequestsPerSecond", requests);
        }

        return environment;
    }

    public async Task<ApiAnswer> SendAsync(
        HttpClient client, HttpMethod method, string path, string? json = null, string? forwardedFor = null)
    {
        using var request =
            new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Key) } };
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        return await client.SendRequestAsync(request);
    }

    public Task<ApiAnswer> DrawAsync(ServerProcess server) => SendAsync(server.Client, HttpMethod.Get, "/random");
}
