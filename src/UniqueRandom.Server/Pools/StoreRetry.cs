using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>Repeats an operation while the store fails and may recover by itself.</summary>
internal sealed partial class StoreRetry(TimeProvider time, ILogger<StoreRetry> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Runs the operation until it succeeds, or fails permanently.</summary>
    /// <exception cref="StoreException">The operation failed, and <see cref="StoreException.IsTransient"/> is false.</exception>
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
        Message = "The store is not available yet; retrying every second: {Reason}")]
    private partial void LogRetrying(string reason);
}
