using System.Diagnostics;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Health;

/// <summary>
/// Knows whether the store can record draws, and tells the operator when that changes. While it can't, it is asked once a second, so that it is found to work again
/// even when nobody is let through to draw.
/// </summary>
internal sealed partial class StoreHealth(IPoolStore store, DrawQueue queue, IHostApplicationLifetime life, ILogger<StoreHealth> logger)
{
    /// <summary>So long an answer of the store is good for everybody who asks.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<bool> check = Task.FromResult(false);
    private long checkedAt;
    private bool isFailing;

    /// <summary>Whether a draw could be recorded now.</summary>
    public Task<bool> IsReadyAsync()
    {
        lock (gate)
        {
            if (isFailing)
                return Task.FromResult(false);
            if (check.IsCompleted && (checkedAt == 0 || Stopwatch.GetElapsedTime(checkedAt) >= GoodFor))
                check = CheckAsync();
            return check;
        }
    }

    /// <summary>A request has found out that the store can't do what it should.</summary>
    public void Report(StoreException error)
    {
        // Whatever was asked for, nobody knows any more what is on disk: the process ends as after a draw.
        if (error.Fault == StoreFault.Fatal)
        {
            queue.Fail(error);
            return;
        }

        lock (gate)
        {
            if (isFailing)
                return;
            isFailing = true;
        }

        LogFailing(error.Message);
        _ = RecoverAsync(Stopwatch.GetTimestamp());
    }

    private async Task<bool> CheckAsync()
    {
        try
        {
            await store.CheckAsync(life.ApplicationStopping);
            checkedAt = Stopwatch.GetTimestamp();
            return true;
        }
        catch (StoreException error)
        {
            Report(error);
            return false;
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException && life.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task RecoverAsync(long since)
    {
        do
        {
            await Task.Delay(GoodFor, life.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (life.ApplicationStopping.IsCancellationRequested)
                return;
        }
        while (!await CheckAsync());

        // What was found before is not an answer any more, however young.
        lock (gate)
            (isFailing, check) = (false, Task.FromResult(true));
        LogRecovered(Stopwatch.GetElapsedTime(since).TotalSeconds);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store can't record draws: {Reason}")]
    private partial void LogFailing(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store records draws again, after {Seconds:0.0} s")]
    private partial void LogRecovered(double seconds);
}
