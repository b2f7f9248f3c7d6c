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

    /// <summary>Reads until an event has a member, and returns the event.</summary>
    public async Task<JsonElement> ReadUntilAsync(string member)
    {
        while (await ReadAsync() is { } message)
        {
            if (message.TryGetProperty(member, out _))
                return message;
        }

        throw new InvalidOperationException($"The stream ended before an event with {member}.");
    }

    /// <summary>Reads until an event tells how far a pool is drawn.</summary>
    public async Task ReadUntilDrawnAsync(string pool, long drawn)
    {
        for (; ; )
        {
            var all = (await ReadUntilAsync("drawn")).GetProperty("drawn");
            if (all.TryGetProperty(pool, out var cursor) && cursor.GetInt64() == drawn)
                return;
        }
    }

    /// <summary>Reads until an event describes a pool, and returns its status.</summary>
    public async Task<JsonElement> ReadDescriptionAsync(string pool)
    {
        for (; ; )
        {
            var described = (await ReadUntilAsync("pools")).GetProperty("pools").EnumerateArray()
                .Select(entry => entry.GetProperty("status"))
                .Where(status => status.GetProperty("pool").GetString() == pool);
            foreach (var status in described)
                return status;
        }
    }

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        await events.DisposeAsync();
    }
}
