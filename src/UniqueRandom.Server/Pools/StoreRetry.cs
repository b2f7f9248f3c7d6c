using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>Repeats work while it fails for a reason that the store may recover from by itself.</summary>
internal sealed partial class StoreRetry(TimeProvider time, ILogger<StoreRetry> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work until it succeeds, or fails for another reason.</summary>
    /// <exception cref="StoreException">It failed, and <see cref="StoreException.IsTransient"/> is false.</exception>
    public async Task<T> RunAsync<T>(Func<ValueTask<T>> work, CancellationToken cancellationToken)
    {
        for (string? logged = null; ;)
        {
            try
            {
                return await work();
            }
            catch (StoreException error) when (error.IsTransient)
            {
                if (error.Message != logged)
                    LogRetrying(logged = error.Message);
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The store is not available yet, and is tried again every second: {Reason}")]
    private partial void LogRetrying(string reason);
}
