using System.Diagnostics;
using UniqueRandom.Pools;
using UniqueRandom.Queueing;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>Seeds recorded pools, continuing after a failover, and logs the progress.</summary>
internal sealed partial class Seeding(
    IPoolStore store,
    DrawQueue queue,
    StoreRetry retry,
    TimeProvider time,
    IHostApplicationLifetime life,
    ILogger<Seeding> logger)
{
    /// <summary>How often a pool that another session seeds is looked at.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task> background = new(StringComparer.Ordinal);

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
        await StartOrJoin(definition).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Task StartOrJoin(PoolDefinition definition)
    {
        lock (gate)
        {
            if (!background.TryGetValue(definition.Name, out var seeding))
                background.Add(definition.Name, seeding = Task.Run(() => SeedToEndAsync(definition)));
            return seeding;
        }
    }

    /// <summary>
    /// Seeds a pool unless another session does, and continues if that one ends before the pool is whole: its node may have died.
    /// </summary>
    private async Task SeedToEndAsync(PoolDefinition definition)
    {
        var stopping = life.ApplicationStopping;
        try
        {
            while (true)
            {
                var pool = await SeedAsync(definition, CancellationToken.None)
                    ?? await retry.RunAsync(() => store.FindAsync(definition.Name, stopping), stopping);
                if (pool is not { State: PoolState.Seeding })
                    return;
                await Task.Delay(PollInterval, time, stopping);
            }
        }
        finally
        {
            lock (gate)
                background.Remove(definition.Name);
        }
    }

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
