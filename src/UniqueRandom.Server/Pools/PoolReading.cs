using UniqueRandom.Pools;
using UniqueRandom.Server.Health;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>
/// The pools as they were last read, so that nobody who observes them waits for the store: a reader gets what is known, and asks
/// for a new reading. Thread-safe.
/// </summary>
internal sealed partial class PoolReading(
    IPoolStore store, StartGate start, TimeProvider time, IHostApplicationLifetime life, ILogger<PoolReading> logger)
{
    /// <summary>Gauges of the same scrape share a reading.</summary>
    private static readonly TimeSpan MinimumInterval = TimeSpan.FromSeconds(1);

    /// <summary>With very many pools a reading takes long: the next one begins after so many times as long.</summary>
    private const int IntervalFactor = 10;

    private readonly Lock gate = new();
    private volatile IReadOnlyList<Pool> pools = [];
    private Task reading = Task.CompletedTask;
    private TimeSpan interval = MinimumInterval;
    private long? started;

    /// <summary>Gets the pools that are known, ordered by name, and reads them again for the next caller.</summary>
    public IReadOnlyList<Pool> Current
    {
        get
        {
            Refresh();
            return pools;
        }
    }

    /// <summary>
    /// Reads the pools in the background, unless the last reading goes on, or was begun less than a second ago, or less than ten
    /// times as long ago as it took. Nothing is read before the store is open.
    /// </summary>
    public void Refresh()
    {
        lock (gate)
        {
            if (!start.IsOpen || !reading.IsCompleted || (started is { } last && time.GetElapsedTime(last) < interval))
                return;
            var now = time.GetTimestamp();
            started = now;
            reading = Task.Run(() => ReadAsync(now));
        }
    }

    private async Task ReadAsync(long begun)
    {
        try
        {
            pools = await store.ListAllAsync(life.ApplicationStopping).ToListAsync(life.ApplicationStopping);
        }
        catch (StoreException error)
        {
            // The gauge of the store's readiness says so.
            LogFailed(error.Message);
        }
        catch (Exception error) when (life.ApplicationStopping.IsCancellationRequested)
        {
            LogFailed(error.Message);
        }

        var longer = IntervalFactor * time.GetElapsedTime(begun);
        interval = longer > MinimumInterval ? longer : MinimumInterval;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The pools could not be read: {Reason}")]
    private partial void LogFailed(string reason);
}
