using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace UniqueRandom.Benchmarks.Http;

/// <summary>A pool as it describes itself, as far as that is needed here.</summary>
internal sealed record PoolStatus(string State, int Drawn);

/// <summary>One request at a time to the pools of a server, on a connection that is kept.</summary>
internal sealed class PoolClient(ServerProcess server) : IDisposable
{
    public const string DefaultPool = "default";

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(4);

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };

    public async Task<int> DrawnAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, $"pools/{DefaultPool}", HttpStatusCode.OK, cancellation);
        return (await response.Content.ReadFromJsonAsync<PoolStatus>(cancellation))!.Drawn;
    }

    /// <summary>What state a pool is in; null when there is none of that name.</summary>
    public async Task<string?> StateAsync(string pool, CancellationToken cancellation)
    {
        using var response = await client.GetAsync(new Uri($"pools/{pool}", UriKind.Relative), cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ExpectAsync(response, HttpStatusCode.OK, cancellation);
        return (await response.Content.ReadFromJsonAsync<PoolStatus>(cancellation))!.State;
    }

    /// <summary>Creates a pool; it may still be seeding when the server has answered.</summary>
    public async Task CreateAsync(string pool, int size, CancellationToken cancellation)
    {
        var range = JsonContent.Create(new { minimum = 1, maximum = size });
        using var response = await SendAsync(HttpMethod.Put, $"pools/{pool}", HttpStatusCode.Created, cancellation, range);
    }

    /// <summary>Waits until a pool that is being created is known, and says whether it is being seeded then.</summary>
    public async Task<bool> BeginsSeedingAsync(string pool, Task creation, CancellationToken cancellation)
    {
        string? state;
        while ((state = await StateAsync(pool, cancellation)) is null)
        {
            if (creation.IsCompleted)
                await creation;
            await Task.Delay(PollEvery, cancellation);
        }

        return state == "seeding";
    }

    public async Task UntilSeededAsync(string pool, CancellationToken cancellation)
    {
        while (await StateAsync(pool, cancellation) == "seeding")
            await Task.Delay(PollEvery, cancellation);
    }

    /// <summary>Draws one number, which no answer before this one had.</summary>
    public async Task<long> DrawAsync(CancellationToken cancellation, string? key = null)
    {
        var one = JsonContent.Create(new { count = 1 });
        using var response = await SendAsync(HttpMethod.Post, $"pools/{DefaultPool}/draws", HttpStatusCode.Created, cancellation, one, key);
        using var draw = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        return draw.RootElement.GetProperty("numbers")[0].GetInt64();
    }

    /// <summary>Looks up a number that was drawn.</summary>
    public async Task LookUpAsync(long number, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, $"pools/{DefaultPool}/numbers/{number}", HttpStatusCode.OK, cancellation);
        using var found = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        if (!found.RootElement.GetProperty("drawn").GetBoolean())
            throw new InvalidOperationException($"The number {number} was drawn, and its look-up says: {found.RootElement}");
    }

    /// <summary>The draw log, as it streams in.</summary>
    public async Task<T> ExportAsync<T>(Func<Stream, Task<T>> readAsync, CancellationToken cancellation)
    {
        var address = new Uri($"pools/{DefaultPool}/draws", UriKind.Relative);
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await ExpectAsync(response, HttpStatusCode.OK, cancellation);
        await using var log = await response.Content.ReadAsStreamAsync(cancellation);
        return await readAsync(log);
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpStatusCode expected, CancellationToken cancellation, HttpContent? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        var response = await client.SendAsync(request, cancellation);
        await ExpectAsync(response, expected, cancellation);
        return response;
    }

    private static async Task ExpectAsync(HttpResponseMessage response, HttpStatusCode expected, CancellationToken cancellation)
    {
        if (response.StatusCode == expected)
            return;
        var (request, answer) = (response.RequestMessage!, await response.Content.ReadAsStringAsync(cancellation));
        throw new InvalidOperationException(
            $"{request.Method} {request.RequestUri} was to be answered with {(int)expected}, and it was with {(int)response.StatusCode}: {answer}");
    }
}
