using System.Runtime.CompilerServices;
using UniqueRandom.Metrics;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Events;

/// <summary>
/// Tells viewers what changes in the pools. Reads the pools while there is a viewer: 4 times a second, and less often for more
/// than 50, so that viewers get 200 messages a second together at most. Writes each message once for all of them. A viewer that
/// is slow gets the newest state when it has read the last message. While the pools can't be read, viewers are told so, and keep
/// what they have. Thread-safe.
/// </summary>
internal sealed partial class PoolFeed(
    IPoolStore store, DrawActivity activity, TimeProvider time, IHostApplicationLifetime life, ILogger<PoolFeed> logger)
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A message to one viewer takes about as much processor time as five draws.</summary>
    private static readonly TimeSpan IntervalPerViewer = TimeSpan.FromMilliseconds(5);

    /// <summary>After how long without a message a viewer is told that the server is alive.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private readonly PoolChanges changes = new();
    private readonly Dictionary<long, IReadOnlyList<byte[]>> messages = [];
    private TaskCompletionSource changed = NewSignal();
    private bool isCurrent;
    private bool isStale;
    private bool isReading;
    private int viewers;

    /// <summary>Watches until the server stops.</summary>
    /// <returns>The messages; an empty one is a heartbeat.</returns>
    public async IAsyncEnumerable<byte[]> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.ApplicationStopping);
        Enter();
        try
        {
            for (long seen = 0; !ending.IsCancellationRequested;)
            {
                var (news, version, change) = After(seen);
                foreach (var message in news)
                    yield return message;
                seen = version;
                var waiting = change.WaitAsync(Heartbeat, time, ending.Token);
                await waiting.ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                if (waiting.Exception?.InnerException is TimeoutException)
                    yield return [];
            }
        }
        finally
        {
            lock (gate)
                viewers--;
        }
    }

    private static TimeSpan IntervalOf(int viewers) =>
        TimeSpan.FromTicks(Math.Max(ShortestInterval.Ticks, viewers * IntervalPerViewer.Ticks));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Enter()
    {
        lock (gate)
        {
            viewers++;
            if (isReading)
                return;
            isReading = true;
            _ = Task.Run(ReadAsync);
        }
    }

    /// <summary>
    /// Gets the messages after a version, the version they lead to, and a task that completes with the next version.
    /// </summary>
    private (IReadOnlyList<byte[]> Messages, long Version, Task Change) After(long seen)
    {
        lock (gate)
        {
            if (!isCurrent)
                return (isStale ? [FeedMessages.WriteStale(time.GetUtcNow())] : [], seen, changed.Task);
            if (seen == changes.Version)
                return ([], seen, changed.Task);
            if (!messages.TryGetValue(seen, out var news))
                messages[seen] = news = Write(seen);
            return (news, changes.Version, changed.Task);
        }
    }

    private IReadOnlyList<byte[]> Write(long seen)
    {
        var (isComplete, pools) = changes.After(seen);
        var news = isStale && pools.Count == 0 ? [] : FeedMessages.Write(isComplete, pools, activity, time.GetUtcNow());
        return isStale ? [.. news, FeedMessages.WriteStale(time.GetUtcNow())] : news;
    }

    private async Task ReadAsync()
    {
        using var timer = new PeriodicTimer(ShortestInterval, time);
        do
        {
            try
            {
                Publish(await store.ListAllAsync(life.ApplicationStopping).ToListAsync(life.ApplicationStopping));
            }
            catch (StoreException error)
            {
                // The store's own health check reports it.
                LogFailed(error.Message);
                PublishStale();
            }
#pragma warning disable CA1031 // A reading that fails must not end the feed of all viewers.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (!life.ApplicationStopping.IsCancellationRequested)
                    LogUnexpected(error);
            }

            if (EndIfUnwatched())
                return;
            timer.Period = IntervalOf(Volatile.Read(ref viewers));
        }
        while (await timer.WaitForNextTickAsync());
    }

    private void Publish(List<Pool> pools)
    {
        lock (gate)
        {
            var isNew = changes.Update(
                pools, (pool, before) => activity.Observe(pool.Definition, isCurrent ? before : pool.Cursor, pool.Cursor));
            // Also without changes, because a message has the time and the history.
            messages.Clear();
            if (!isNew && isCurrent && !isStale)
                return;
            if (!isNew)
                changes.Advance();
            (isCurrent, isStale) = (true, false);
            Signal();
        }
    }

    /// <summary>Tells the viewers once that they have what was read last.</summary>
    private void PublishStale()
    {
        lock (gate)
        {
            if (isStale)
                return;
            isStale = true;
            messages.Clear();
            changes.Advance();
            Signal();
        }
    }

    private void Signal()
    {
        changed.SetResult();
        changed = NewSignal();
    }

    /// <summary>Ends the reading if nobody watches. The next viewer waits until the pools are read again.</summary>
    private bool EndIfUnwatched()
    {
        lock (gate)
        {
            if (viewers > 0 && !life.ApplicationStopping.IsCancellationRequested)
                return false;
            return !(isReading = isCurrent = isStale = false);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The pools could not be read for viewers: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pools could not be read for viewers, unexpectedly")]
    private partial void LogUnexpected(Exception error);
}
