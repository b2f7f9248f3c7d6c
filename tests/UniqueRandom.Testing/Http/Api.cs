using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace UniqueRandom.Testing.Http;

/// <summary>Calls the routes of the server.</summary>
internal static class Api
{
    public static async Task<ApiAnswer> SendRequestAsync(
        this HttpClient client, string method, string path, string? json = null, string? key = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendRequestAsync(request);
    }

    public static async Task<ApiAnswer> SendRequestAsync(this HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiAnswer.ReadAsync(response);
    }

    public static Task<ApiAnswer> FetchAsync(this HttpClient client, string path, string? key = null, string? accept = null) =>
        client.SendRequestAsync("GET", path, null, key, accept);

    public static Task<ApiAnswer> CreatePoolAsync(
        this HttpClient client, string pool, long minimum, long maximum, string? order = null) => client.SendRequestAsync(
        "PUT", $"/pools/{pool}",
        string.Create(CultureInfo.InvariantCulture, $$"""{"minimum":{{minimum}},"maximum":{{maximum}}{{Member(order)}}}"""));

    /// <summary>Creates a pool whose definition is this JSON.</summary>
    public static Task<ApiAnswer> DefinePoolAsync(this HttpClient client, string pool, string definition) =>
        client.SendRequestAsync("PUT", $"/pools/{pool}", definition);

    /// <summary>Creates a pool with imported numbers.</summary>
    /// <param name="client">The client.</param>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="body">The definition and the numbers, as lines.</param>
    public static Task<ApiAnswer> ImportPoolAsync(this HttpClient client, string pool, string body) =>
        client.ImportPoolAsync(pool, new ByteArrayContent(Encoding.UTF8.GetBytes(body)));

    public static async Task<ApiAnswer> ImportPoolAsync(this HttpClient client, string pool, HttpContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/pools/{pool}") { Content = body };
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return await client.SendRequestAsync(request);
    }

    public static Task<ApiAnswer> ClosePoolAsync(this HttpClient client, string pool) =>
        client.SendRequestAsync("POST", $"/pools/{pool}/close");

    public static Task<ApiAnswer> DrawAsync(
        this HttpClient client, string pool, int count, string? reference = null, string? key = null) =>
        client.SendRequestAsync(
            "POST",
            $"/pools/{pool}/draws",
            reference is null
            ? $$"""{"count":{{count}}}"""
            : $$"""{"count":{{count}},"reference":{{JsonSerializer.Serialize(reference)}}}""",
            key);

    public static async Task<JsonElement> StatusAsync(this HttpClient client, string pool) =>
        (await client.FetchAsync($"/pools/{pool}")).Success(200);

    public static async Task<int> DrawnAsync(this HttpClient client, string pool) =>
        (await client.StatusAsync(pool)).GetProperty("drawn").GetInt32();

    /// <summary>The numbers of a draw or of a line of the draw log.</summary>
    public static long[] Numbers(this JsonElement draw) =>
        [.. draw.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt64())];

    /// <summary>
    /// Verifies that the lines of a draw log cover the positions from a given one without gap or overlap, and returns all
    /// numbers.
    /// </summary>
    public static long[] NumbersFrom(this JsonElement[] log, int position)
    {
        var numbers = new List<long>();
        foreach (var line in log)
        {
            var part = line.Numbers();
            Assert.Equal(
                (position + numbers.Count, part.Length),
                (line.GetProperty("first").GetInt32(), line.GetProperty("count").GetInt32()));
            Assert.InRange(part.Length, 1, 10_000);
            numbers.AddRange(part);
        }

        return [.. numbers];
    }

    /// <summary>Verifies that the revealed seed matches the commitment of the pool, and returns the seed.</summary>
    public static byte[] VerifiedSeed(this JsonElement status)
    {
        var seed = Convert.FromHexString(status.GetProperty("seed").GetString()!);
        Assert.Equal(32, seed.Length);
        var (minimum, maximum) = (status.GetProperty("minimum").GetRawText(), status.GetProperty("maximum").GetRawText());
        var text = $"UniqueRandom permutation v1 {minimum}..{maximum}";
        Assert.Equal(
            status.GetProperty("commitment").GetString(),
            Convert.ToHexStringLower(SHA256.HashData([.. seed, .. Encoding.UTF8.GetBytes(text)])));
        return seed;
    }

    private static string Member(string? order) => order is null ? "" : $",\"order\":\"{order}\"";
}
