using UniqueRandom.Pools;
using UniqueRandom.Stores;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Hosting;

/// <summary>Opens the store, seeds the pool <c>default</c> on the first start, and goes on with seedings that were cut off.</summary>
internal sealed partial class PoolStartup(IPoolStore store, Seeding seeding, ServerOptions options, ILogger<PoolStartup> logger)
{
    /// <summary>How often it is looked whether another node has finished the seeding.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns the pool, ready for draws.</summary>
    /// <exception cref="StartException">What is stored can't be served from, or is not what is configured.</exception>
    public async Task<Pool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var definition = new PoolDefinition(PoolName.Default, options.Range);
            await store.OpenAsync(definition, cancellationToken);
            var pool = await SeedAsync(definition, cancellationToken);
            await foreach (var other in store.ListAllAsync(cancellationToken))
            {
                if (other.State == PoolState.Seeding)
                    _ = seeding.CreateAsync(other.Definition, CancellationToken.None);
            }

            return pool;
        }
        catch (Exception error) when (error is StoreRefusedException or StoreException or InsufficientMemoryException)
        {
            throw new StartException(error.Message, error);
        }
    }

    /// <summary>Of several nodes that start at once one seeds the pool, and the others wait; if that one ends, the next goes on.</summary>
    private async Task<Pool> SeedAsync(PoolDefinition definition, CancellationToken cancellationToken)
    {
        for (var isWaiting = false; ; isWaiting = true)
        {
            var pool = await store.FindAsync(definition.Name, cancellationToken);
            if (pool is null or { State: PoolState.Seeding })
                pool = await seeding.CreateAsync(definition, cancellationToken);
            if (pool is not null && pool.Definition != definition)
                throw new StartException($"Another node has just created the pool '{definition.Name}' with the range {pool.Definition.Range}, and {definition.Range} is configured; configure the same for all nodes.");
            if (pool is not null)
                return pool;
            if (!isWaiting)
                LogWaiting(definition.Name);
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Another node seeds the pool {Pool}; waiting for it")]
    private partial void LogWaiting(string pool);
}
