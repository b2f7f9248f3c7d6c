namespace UniqueRandom.Benchmarks.Processes;

/// <summary>Viewers of the events of a server, each with its own connection, which read and discard them.</summary>
internal sealed class EventViewers : IAsyncDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource ending;
    private readonly List<Task> reading = [];

    private EventViewers(CancellationToken cancellationToken) =>
        ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    public static async Task<EventViewers> StartAsync(MeasuredServer server, int count, CancellationToken cancellationToken)
    {
        var viewers = new EventViewers(cancellationToken);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var events = await viewers.client.GetStreamAsync(new Uri(server.Address, "events"), viewers.ending.Token);
                viewers.reading.Add(viewers.ReadAsync(events));
            }

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

    private async Task ReadAsync(Stream events)
    {
        await using (events)
        {
            var buffer = new byte[4096];
            try
            {
                while (await events.ReadAsync(buffer, ending.Token) > 0)
                {
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
            }
        }
    }
}
