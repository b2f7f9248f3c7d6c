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
    private readonly Dictionary<string, Work> background = new(StringComparer.Ordinal);

    /// <summary>Seeds a recorded segment of a pool as <see cref="IPoolStore.SeedAsync"/> does.</summary>
    public async Task<Pool?> SeedAsync(string name, PoolSegment segment, CancellationToken cancellationToken)
    {
        var progress = new Progress(this, name, segment.Range);
        try
        {
            var pool = await retry.RunAsync(
                () => store.SeedAsync(name, progress, cancellationToken), cancellationToken);
            if (pool?.Segments.Any(ready => ready.Commitment.Equals(segment.Commitment)) == true)
                LogSeeded(name, segment.Range.Size, (long)progress.Elapsed.TotalMilliseconds, segment.Commitment);
            else if (pool is not null)
                LogSegmentRemoved(name, segment.Range.Maximum);
            return pool;
        }
        catch (OperationCanceledException)
        {
            LogInterrupted(name);
            throw;
        }
        catch (Exception error)
        {
            LogFailed(name, error.Message);
            if (error is StoreException { Fault: StoreFault.Fatal })
                queue.Fail(error);
            throw;
        }
    }

    /// <summary>Seeds what is recorded of a pool in the background, until the store is disposed.</summary>
    /// <returns>A task that completes when the seeding has ended, and never fails.</returns>
    public async Task SeedInBackgroundAsync(string name) =>
        await StartOrJoin(name).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Task StartOrJoin(string name)
    {
        lock (gate)
        {
            if (!background.TryGetValue(name, out var work))
            {
                background.Add(name, work = new Work());
                work.Task = Task.Run(() => SeedToEndAsync(name, work));
            }

            work.Want();
            return work.Task;
        }
    }

    /// <summary>
    /// Seeds a pool unless another session does, and continues if that one ends before the pool is whole: its node may have died.
    /// </summary>
    private async Task SeedToEndAsync(string name, Work work)
    {
        var stopping = life.ApplicationStopping;
        try
        {
            while (TryBegin(name, work))
            {
                while (await FindAsync() is { Unfinished: { } segment } pool)
                {
                    if (await SeedAsync(name, segment, CancellationToken.None) is not null)
                        continue;
                    // Only the seeding of an interrupted import removes a pool. An import that is running has it locked.
                    if (pool is { State: PoolState.Seeding, Imported: not null } && await FindAsync() is null)
                        LogImportRemoved(name);
                    else
                        await PauseAsync(work, stopping);
                }
            }
        }
        catch
        {
            lock (gate)
                background.Remove(name);
            throw;
        }

        Task<Pool?> FindAsync() => retry.RunAsync(() => store.FindAsync(name, stopping), stopping);
    }

    /// <summary>Waits for a while, or until the work is wanted anew, for example because an import has ended.</summary>
    private async Task PauseAsync(Work work, CancellationToken stopping)
    {
        await Task.WhenAny(work.Wanted, Task.Delay(PollInterval, time, stopping)).Unwrap();
        lock (gate)
            work.TryTake();
    }

    /// <summary>Ends the work, unless a segment was recorded since it looked last.</summary>
    private bool TryBegin(string name, Work work)
    {
        lock (gate)
        {
            if (!work.IsWanted)
                background.Remove(name);
            return work.TryTake();
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

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Pool {Pool} was closed, so its segment up to {Maximum} was removed")]
    private partial void LogSegmentRemoved(string pool, long maximum);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Pool {Pool} was removed: its import was interrupted. Import its numbers again")]
    private partial void LogImportRemoved(string pool);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding of pool {Pool} was interrupted; the next start continues it")]
    private partial void LogInterrupted(string pool);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Pool {Pool} could not be seeded: {Reason} A running server tries again within a minute.")]
    private partial void LogFailed(string pool, string reason);

    /// <summary>The seeding of one pool. Guarded by the gate.</summary>
    private sealed class Work
    {
        private TaskCompletionSource wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task { get; set; } = Task.CompletedTask;

        /// <summary>Whether there may be something to seed.</summary>
        public bool IsWanted => wanted.Task.IsCompleted;

        /// <summary>Gets a task that completes when there may be something to seed.</summary>
        public Task Wanted => wanted.Task;

        public void Want() => wanted.TrySetResult();

        /// <summary>Takes up what is wanted.</summary>
        public bool TryTake()
        {
            if (!IsWanted)
                return false;
            wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>Logs the start of a seeding, and each quarter that is stored.</summary>
    private sealed class Progress(Seeding seeding, string pool, PoolRange range) : IProgress<long>
    {
        private int quarter = -1;
        private long started;

        /// <summary>Gets the time since the seeding left the queue of waiting seedings.</summary>
        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

        public void Report(long value)
        {
            var reached = (int)(4 * (double)value / range.Size);
            if (quarter < 0)
            {
                started = Stopwatch.GetTimestamp();
                seeding.LogSeeding(pool, range);
            }
            else if (reached > quarter)
            {
                seeding.LogProgress(pool, 25 * reached);
            }

            quarter = reached;
        }
    }
}
