using System.Diagnostics;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Hosting;

/// <summary>Opens the store, and seeds the pool <c>default</c> on the first start.</summary>
internal sealed partial class PoolStartup(IPoolStore store, ServerOptions options, ILogger<PoolStartup> logger)
{
    public const string DefaultPool = "default";

    /// <summary>Returns the pool, ready for draws.</summary>
    /// <exception cref="StartException">What is stored can't be served from, or is not what is configured.</exception>
    public async Task<Pool> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            var definition = new PoolDefinition(DefaultPool, options.Range);
            await store.OpenAsync(definition, cancellation);
            return await store.FindAsync(DefaultPool, cancellation) ?? await SeedAsync(definition, cancellation);
        }
        catch (Exception error) when (error is StoreRefusedException or StoreException or InsufficientMemoryException)
        {
            throw new StartException(error.Message, error);
        }
    }

    private async Task<Pool> SeedAsync(PoolDefinition definition, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        LogSeeding(definition.Name, definition.Range, options.Database);
        var pool = await store.CreateAsync(definition, Seed.Generate(), new Progress(this, definition), cancellation)
            ?? throw new UnreachableException("Nobody else can have created the pool meanwhile.");
        LogSeeded(definition.Name, definition.Range.Size, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, pool.Commitment);
        return pool;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding pool {Pool} with the numbers {Range} into {Database}")]
    private partial void LogSeeding(string pool, PoolRange range, string database);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeding pool {Pool}: {Percent} % stored")]
    private partial void LogProgress(string pool, int percent);

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeded pool {Pool}: {Count} numbers in {Milliseconds} ms, commitment {Commitment}")]
    private partial void LogSeeded(string pool, int count, long milliseconds, Commitment commitment);

    /// <summary>A line for each quarter that is stored.</summary>
    private sealed class Progress(PoolStartup startup, PoolDefinition definition) : IProgress<int>
    {
        private int quarter;

        public void Report(int value)
        {
            var reached = (int)(4L * value / definition.Range.Size);
            if (reached > quarter)
                startup.LogProgress(definition.Name, 25 * (quarter = reached));
        }
    }
}
