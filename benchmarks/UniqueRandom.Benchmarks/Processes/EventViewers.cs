using System.Net.ServerSentEvents;

namespace UniqueRandom.Benchmarks.Processes;

/// <summary>Viewers of the events of a server, each with its own connection, which read and discard them.</summary>
internal sealed class EventViewers : IAsyncDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource ending;
    private readonly List<Task> reading = [];

    private EventViewers(CancellationToken cancellationToken) =>
        ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Connects viewers, and waits until all pools were described to each: only then they are looking on.</summary>
    public static async Task<EventViewers> StartAsync(MeasuredServer server, int count, CancellationToken cancellationToken)
    {
        var viewers = new EventViewers(cancellationToken);
        var described = new List<Task>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var events = await viewers.client.GetStreamAsync(new Uri(server.Address, "events"), viewers.ending.Token);
                var isDescribed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                described.Add(isDescribed.Task);
                viewers.reading.Add(viewers.ReadAsync(events, isDescribed));
            }

            await Task.WhenAll(described).WaitAsync(cancellationToken);
            return viewers;
        }
        catch
        {
            await viewers.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">The server has ended a stream.</exception>
    public async ValueTask DisposeAsync()
    {
        var ended = reading.Find(stream => stream.IsCompleted);
        await ending.CancelAsync();
        await Task.WhenAll(reading);
        client.Dispose();
        ending.Dispose();
        if (ended is not null)
            throw new InvalidOperationException("The server has ended a stream of events.");
    }

    private async Task ReadAsync(Stream events, TaskCompletionSource isDescribed)
    {
        await using (events)
        {
            try
            {
                await foreach (var isWhole in SseParser.Create(events, IsWhole).EnumerateAsync(ending.Token))
                {
                    if (isWhole.Data)
                        isDescribed.TrySetResult();
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>Whether an event has pools, and no more are to come.</summary>
    private static bool IsWhole(string type, ReadOnlySpan<byte> data) => data.Length > 0 && data.IndexOf("\"more\":true"u8) < 0;
}
