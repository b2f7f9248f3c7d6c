using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Health;

/// <summary>
/// Whether the store can record draws. While it can't, it is checked once a second, so that a node recovers even when its load
/// balancer sends it no requests.
/// </summary>
internal sealed partial class StoreHealth(
    IPoolStore store, DrawQueue queue, TimeProvider time, IHostApplicationLifetime life, ILogger<StoreHealth> logger)
{
    /// <summary>How long a successful check is reused, and how long to wait before a failing store is checked again.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many reasons of one failure are logged.</summary>
    private const int MaximumReasons = 10;

    // Guards the fields below. Never held while the store works, because a sync can take seconds.
    private readonly Lock gate = new();
    private Task<bool> check = Task.FromResult(false);
    private bool isFailing;
    private long checkStartedAt;

    /// <summary>The reasons that were logged since the store began to fail. The first one may only be its beginning.</summary>
    private readonly HashSet<string> reasons = [];

    // Written by a check before it completes, and read only after it has.
    private long checkedAt;

    /// <summary>Whether a draw could be recorded now.</summary>
    /// <param name="cancellationToken">Cancels waiting; the check itself continues for other callers.</param>
    public Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return isFailing
                ? Task.FromResult(false)
                : (IsFresh ? check : StartOrJoinCheck()).WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Whether a draw could be recorded when it was last known; false while a check takes longer than a second. Does not wait for
    /// the store: a check that is due runs for the next caller.
    /// </summary>
    public bool IsLastKnownReady
    {
        get
        {
            lock (gate)
            {
                if (isFailing)
                    return false;
                if (IsFresh)
                    return true;
                return StartOrJoinCheck().IsCompleted || time.GetElapsedTime(checkStartedAt) < CheckInterval;
            }
        }
    }

    private bool IsFresh => check is { IsCompleted: true, Result: true } && time.GetElapsedTime(checkedAt) < CheckInterval;

    /// <summary>Records that a request failed because of the store.</summary>
    public void Report(StoreException error)
    {
        // The content of the disk is unknown, so the process stops, as it does after a failed draw.
        if (error.Fault == StoreFault.Fatal)
            queue.Fail(error);
        else
            StartRecovery(error);
    }

    /// <summary>
    /// Returns the running check, or starts one on the thread pool, because SQLite works on the calling thread.
    /// </summary>
    private Task<bool> StartOrJoinCheck()
    {
        lock (gate)
        {
            if (check.IsCompleted)
                (check, checkStartedAt) = (Task.Run(CheckAsync), time.GetTimestamp());
            return check;
        }
    }

    /// <summary>Checks the store. Never throws: whatever the store throws starts a recovery.</summary>
    private async Task<bool> CheckAsync()
    {
        try
        {
            await store.CheckAsync(life.ApplicationStopping);
            checkedAt = time.GetTimestamp();
            return true;
        }
        catch (StoreException error)
        {
            Report(error);
        }
#pragma warning disable CA1031 // A check that failed in an unforeseen way must not leave the node unready forever.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!life.ApplicationStopping.IsCancellationRequested)
                StartRecovery(error);
        }

        return false;
    }

    private void StartRecovery(Exception error)
    {
        bool isFirst, isNew;
        lock (gate)
        {
            isFirst = !isFailing;
            isFailing = true;
            isNew = reasons.Count < MaximumReasons && reasons.Add(error.Message);
        }

        // The message of a StoreException is complete; any other error needs its stack trace.
        if (isNew)
            LogFailing(error is StoreException ? null : error, error.Message);
        if (isFirst)
            _ = RecoverAsync(time.GetTimestamp());
    }

    private async Task RecoverAsync(long failedAt)
    {
        do
        {
            await Task.Delay(CheckInterval, time, life.ApplicationStopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (life.ApplicationStopping.IsCancellationRequested)
                return;
        }
        while (!await StartOrJoinCheck());

        lock (gate)
        {
            isFailing = false;
            reasons.Clear();
        }

        LogRecovered(time.GetElapsedTime(failedAt).TotalSeconds);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store can't record draws: {Reason}")]
    private partial void LogFailing(Exception? error, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store records draws again, after {Seconds:0.0} s")]
    private partial void LogRecovered(double seconds);
}
