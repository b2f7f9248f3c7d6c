using System.Net.Http.Json;
using System.Text.Json;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>Sends single requests to the pools of a server.</summary>
internal sealed class PoolClient(MeasuredServer server, CancellationToken cancellationToken) : IDisposable
{
    public const string DefaultPool = "default";

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(server.Address, "pools/"),
        Timeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>Gets how many numbers of a pool are drawn.</summary>
    public async Task<long> CountDrawnAsync(string pool = DefaultPool) =>
        (await SendAsync(HttpMethod.Get, pool)).GetProperty("drawn").GetInt64();

    /// <summary>Creates a pool. It can still be seeding when this returns.</summary>
    public Task CreateAsync(string pool, long size, string? order = null) =>
        SendAsync(HttpMethod.Put, pool, new { minimum = 1, maximum = size, order });

    public async Task<bool> IsSeedingAsync(string pool) =>
        (await SendAsync(HttpMethod.Get, pool)).GetProperty("state").GetString() == "seeding";

    /// <summary>Draws one number.</summary>
    public async Task<long> DrawAsync(string? key = null, string pool = DefaultPool)
    {
        var draw = await SendAsync(HttpMethod.Post, $"{pool}/draws", new { count = 1 }, key);
        return draw.GetProperty("numbers")[0].GetInt64();
    }

    /// <summary>Looks up a drawn number.</summary>
    public async Task LookUpAsync(long number)
    {
        var found = await SendAsync(HttpMethod.Get, $"{DefaultPool}/numbers/{number}");
        if (!found.GetProperty("drawn").GetBoolean())
            throw new InvalidOperationException($"The number {number} was drawn, but its look-up says: {found}");
    }

    /// <summary>Reads the draw log, and returns its length in bytes.</summary>
    public async Task<long> ExportAsync()
    {
        await using var log = await client.GetStreamAsync(new Uri($"{DefaultPool}/draws", UriKind.Relative), cancellationToken);
        var buffer = new byte[81_920];
        var length = 0L;
        while (await log.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            length += read;
        return length;
    }

    /// <summary>Backs the database up until it is told to stop, and removes the files.</summary>
    /// <returns>How many backups were written.</returns>
    public async Task<int> BackUpUntilAsync(string directory, CancellationToken stop)
    {
        for (var count = 0; ; count++)
        {
            var status = await SendAsync(HttpMethod.Post, "/backup");
            while (status.GetProperty("state").GetString() == "running")
            {
                await Task.Delay(5, cancellationToken);
                status = await SendAsync(HttpMethod.Get, "/backup");
            }

            if (status.GetProperty("state").GetString() != "done")
                throw new InvalidOperationException($"The backup failed: {status}");
            File.Delete(Path.Combine(directory, status.GetProperty("file").GetString()!));
            if (stop.IsCancellationRequested)
                return count + 1;
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(answer)
            : throw new InvalidOperationException($"{method} {path} was answered with {(int)response.StatusCode}: {answer}");
    }
}
