using System.Diagnostics;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>Seeds recorded pools, continuing after a failover, and logs the progress.</summary>
internal sealed partial class Seeding(IPoolStore store, DrawQueue queue, StoreRetry retry, ILogger<Seeding> logger)
{
    /// <summary>Seeds a recorded pool as <see cref="IPoolStore.SeedAsync"/> does.</summary>
    public async Task<Pool?> SeedAsync(PoolDefinition definition, CancellationToken cancellationToken)
    {
        var progress = new Progress(this, definition);
        try
        {
            var pool = await retry.RunAsync(
                () => store.SeedAsync(definition.Name, progress, cancellationToken), cancellationToken);
            if (pool is not null)
                LogSeeded(definition.Name, definition.Range.Size, (long)progress.Elapsed.TotalMilliseconds, pool.Commitment);
            return pool;
        }
        catch (OperationCanceledException)
        {
            LogInterrupted(definition.Name);
            throw;
        }
        catch (Exception error)
        {
            LogFailed(definition.Name, error.Message);
            if (error is StoreException { Fault: StoreFault.Fatal })
                queue.Fail(error);
            throw;
        }
    }

    /// <summary>Seeds a recorded pool in the background, until the store is disposed.</summary>
    /// <returns>A task that completes when the seeding has ended, and never fails.</returns>
    public async Task SeedInBackgroundAsync(PoolDefinition definition) =>
        await ((Task)SeedAsync(definition, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding pool {Pool} with the numbers {Range}")]
    private partial void LogSeeding(string pool, PoolRange range);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding pool {Pool}: {Percent} % stored")]
    private partial void LogProgress(string pool, int percent);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Seeded pool {Pool}: {Count} numbers in {Milliseconds} ms, commitment {Commitment}")]
    private partial void LogSeeded(string pool, long count, long milliseconds, Commitment commitment);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding of pool {Pool} was interrupted; the next start continues it")]
    private partial void LogInterrupted(string pool);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Pool {Pool} could not be seeded: {Reason} PUT the pool again or restart to continue.")]
    private partial void LogFailed(string pool, string reason);

    /// <summary>Logs the start of a seeding, and each quarter that is stored.</summary>
    private sealed class Progress(Seeding seeding, PoolDefinition definition) : IProgress<long>
    {
        private int quarter = -1;
        private long started;

        /// <summary>Gets the time since the seeding left the queue of waiting seedings.</summary>
        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

        public void Report(long value)
        {
            var reached = (int)(4 * (double)value / definition.Range.Size);
            if (quarter < 0)
            {
                started = Stopwatch.GetTimestamp();
                seeding.LogSeeding(definition.Name, definition.Range);
            }
            else if (reached > quarter)
            {
                seeding.LogProgress(definition.Name, 25 * reached);
            }

            quarter = reached;
        }
    }
}
