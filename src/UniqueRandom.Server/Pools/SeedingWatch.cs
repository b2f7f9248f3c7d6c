using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>Continues seedings that have failed, and those of a node that has died.</summary>
internal sealed partial class SeedingWatch(
    IPoolStore store, Seeding seeding, StoreRetry retry, TimeProvider time, ILogger<SeedingWatch> logger)
{
    private static readonly TimeSpan MinimumInterval = TimeSpan.FromSeconds(30);

    /// <summary>With very many pools a look takes long: the next one begins after so many times as long.</summary>
    private const int IntervalFactor = 10;

    /// <summary>Starts what is not finished, and looks for more until it is canceled.</summary>
    /// <returns>A task that completes when the store was looked through once; its result when the watch has ended.</returns>
    /// <exception cref="StoreException">The pools could not be read at first.</exception>
    public async Task<Task> StartAsync(CancellationToken cancellationToken)
    {
        var pause = await retry.RunAsync(() => LookAsync(cancellationToken), cancellationToken);
        return RunAsync(pause, cancellationToken);
    }

    private async Task RunAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(pause, time, cancellationToken);
            try
            {
                pause = await LookAsync(cancellationToken);
            }
            catch (StoreException error)
            {
                // The store's readiness says so.
                LogFailed(error.Message);
                pause = MinimumInterval;
            }
        }
    }

    /// <returns>How long to wait for the next look.</returns>
    private async ValueTask<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        await foreach (var pool in store.ListAllAsync(cancellationToken).Where(pool => pool.Unfinished is not null))
            _ = seeding.SeedInBackgroundAsync(pool.Definition.Name);
        var longer = IntervalFactor * time.GetElapsedTime(begun);
        return longer > MinimumInterval ? longer : MinimumInterval;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The pools could not be read: {Reason}")]
    private partial void LogFailed(string reason);
}
