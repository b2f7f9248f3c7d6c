using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Pools;

namespace UniqueRandom.Server.Hosting;

/// <summary>Opens the store, seeds the pool <c>default</c> on the first start, and goes on with seedings that were cut off.</summary>
internal sealed class PoolStartup(IPoolStore store, Seeding seeding, ServerOptions options)
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
            var pool = await seeding.CreateAsync(definition, cancellation) ?? await store.FindAsync(DefaultPool, cancellation);
            foreach (var unfinished in (await store.ListAsync(cancellation)).Where(other => other.State == PoolState.Seeding))
                _ = seeding.CreateAsync(unfinished.Definition, CancellationToken.None);
            return pool!;
        }
        catch (Exception error) when (error is StoreRefusedException or StoreException or InsufficientMemoryException)
        {
            throw new StartException(error.Message, error);
        }
    }
}
