using System.Net.ServerSentEvents;
using System.Text.Json;

namespace UniqueRandom.Server.Tests.Events;

/// <summary>Reads the events of a server, as a dashboard does.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage response;
    private readonly IAsyncEnumerator<SseItem<string>> events;

    private EventReader(HttpResponseMessage response, Stream body)
    {
        this.response = response;
        events = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
    }

    public HttpResponseMessage Response => response;

    public static async Task<EventReader> StartAsync(HttpClient client)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var response = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new EventReader(response, await response.Content.ReadAsStreamAsync(cancellationToken));
    }

    /// <summary>Reads the next event with data; null at the end of the stream.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        while (await events.MoveNextAsync())
        {
            Assert.Contains(events.Current.EventType, (string[])["pools", "heartbeat"]);
            if (events.Current.Data.Length > 0)
                return JsonElement.Parse(events.Current.Data);
        }

        return null;
    }

    /// <summary>Reads until an event tells how far a pool is drawn.</summary>
    public async Task ReadUntilDrawnAsync(string pool, long drawn)
    {
        while (await ReadAsync() is { } message)
        {
            if (message.TryGetProperty("drawn", out var all) && all.TryGetProperty(pool, out var cursor)
                && cursor.GetInt64() == drawn)
            {
                return;
            }
        }

        Assert.Fail($"The stream ended before {drawn} numbers of {pool} were drawn.");
    }

    /// <summary>Reads until an event describes a pool, and returns its status.</summary>
    public async Task<JsonElement> ReadDescriptionAsync(string pool)
    {
        while (await ReadAsync() is { } message)
        {
            if (!message.TryGetProperty("pools", out var pools))
                continue;
            foreach (var described in pools.EnumerateArray().Select(entry => entry.GetProperty("status")))
            {
                if (described.GetProperty("pool").GetString() == pool)
                    return described;
            }
        }

        throw new InvalidOperationException($"The stream ended before the pool {pool} was described.");
    }

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        await events.DisposeAsync();
    }
}
