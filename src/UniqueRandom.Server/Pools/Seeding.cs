using System.Diagnostics;
using UniqueRandom.Queueing;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>Creates pools, and tells the operator how it goes.</summary>
internal sealed partial class Seeding(IPoolStore store, DrawQueue queue, ILogger<Seeding> logger)
{
    /// <summary>Creates a pool, or finishes one whose seeding was cut off; null when the name is taken. Goes on when nobody waits for it.</summary>
    public async Task<Pool?> CreateAsync(PoolDefinition definition, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var pool = await store.CreateAsync(definition, Seed.Generate(), new Progress(this, definition), cancellationToken);
            if (pool is not null)
                LogSeeded(definition.Name, definition.Range.Size, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, pool.Commitment);
            return pool;
        }
        catch (OperationCanceledException)
        {
            LogInterrupted(definition.Name);
            throw;
        }
        catch (Exception error) when (error is StoreException or InsufficientMemoryException)
        {
            LogFailed(definition.Name, error.Message);
            if (error is StoreException { Fault: StoreFault.Fatal })
                queue.Fail(error);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding pool {Pool} with the numbers {Range}")]
    private partial void LogSeeding(string pool, PoolRange range);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding pool {Pool}: {Percent} % stored")]
    private partial void LogProgress(string pool, int percent);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeded pool {Pool}: {Count} numbers in {Milliseconds} ms, commitment {Commitment}")]
    private partial void LogSeeded(string pool, long count, long milliseconds, Commitment commitment);

    [LoggerMessage(Level = LogLevel.Information, Message = "The seeding of pool {Pool} is interrupted")]
    private partial void LogInterrupted(string pool);

    [LoggerMessage(Level = LogLevel.Error, Message = "Pool {Pool} could not be seeded: {Reason}")]
    private partial void LogFailed(string pool, string reason);

    /// <summary>A line at the beginning, and for each quarter that is stored.</summary>
    private sealed class Progress(Seeding seeding, PoolDefinition definition) : IProgress<long>
    {
        private int quarter = -1;

        public void Report(long value)
        {
            var reached = (int)(4 * (double)value / definition.Range.Size);
            if (quarter < 0)
                seeding.LogSeeding(definition.Name, definition.Range);
            else if (reached > quarter)
                seeding.LogProgress(definition.Name, 25 * reached);
            quarter = reached;
        }
    }
}
