using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Pools;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Hosting;

/// <summary>
/// Opens the store, seeds the pool <c>default</c> on the first start, and continues unfinished seedings and verifications.
/// </summary>
internal sealed partial class PoolStartup(
    IPoolStore store,
    StoreRetry retry,
    Seeding seeding,
    SeedingWatch watch,
    StartVerification verification,
    ServerOptions options,
    TimeProvider time,
    ILogger<PoolStartup> logger)
{
    /// <summary>How often this node checks whether another one has finished the seeding.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns the pool <c>default</c>, ready for draws.</summary>
    /// <exception cref="StartException">The store can't be served, or does not match the configuration.</exception>
    public async Task<Pool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var definition = new PoolDefinition(PoolName.Default, options.Range);
            var opened = time.GetStoredNow();
            await retry.RunAsync(() => OpenStoreAsync(definition, cancellationToken), cancellationToken);
            if (options.Store.ResumesAfterRestore)
                await LogResumeAsync(opened, cancellationToken);
            var pool = await retry.RunAsync(() => SeedAsync(definition, cancellationToken), cancellationToken);
            _ = await watch.StartAsync(cancellationToken);
            _ = verification.RunAsync(cancellationToken);
            return pool;
        }
        catch (Exception error) when (error
            is StoreRefusedException or StoreException or InsufficientMemoryException or InsufficientDiskException)
        {
            throw new StartException(error.Message, error);
        }
    }

    private async ValueTask<bool> OpenStoreAsync(PoolDefinition definition, CancellationToken cancellationToken)
    {
        await store.OpenAsync(definition, cancellationToken);
        return true;
    }

    /// <summary>Logs the numbers that this start has given up: the last rows of the logs, which are not older than it.</summary>
    private async Task LogResumeAsync(DateTimeOffset opened, CancellationToken cancellationToken)
    {
        var hasEffect = false;
        await foreach (var pool in store.ListAllAsync(cancellationToken).Where(pool => pool.Cursor > 0))
        {
            var name = pool.Definition.Name;
            if (await store.ReadLogAsync(name, pool.Cursor - 1, limit: 1, cancellationToken) is [var last]
                && last.Reference == Reference.SkippedAfterRestore && last.DrawnAt >= opened)
            {
                LogGivenUp(name, last.Count, last.First, last.End - 1);
                hasEffect = true;
            }

            if (pool.ClosedAt >= opened)
            {
                LogClosed(name);
                hasEffect = true;
            }
        }

        if (!hasEffect)
            LogNoEffect();
    }

    /// <summary>
    /// Seeds the pool. Of several nodes that start at once, one seeds and the others wait. If it fails, another one continues.
    /// </summary>
    private async ValueTask<Pool> SeedAsync(PoolDefinition definition, CancellationToken cancellationToken)
    {
        for (var isWaiting = false; ; isWaiting = true)
        {
            var (pool, _) = await store.CreateAsync(definition, Seed.Generate(), cancellationToken);
            if (pool.Created.Range != definition.Range)
            {
                throw new StartException(
                    $"The pool '{definition.Name}' was created with the range {pool.Created.Range}, and {definition.Range} is "
                    + "configured; configure the range of the pool, for all nodes.");
            }

            if (pool.State != PoolState.Seeding)
                return pool;
            if (await seeding.SeedAsync(definition.Name, pool.Unfinished!, cancellationToken) is { } seeded)
                return seeded;
            if (!isWaiting)
                LogWaiting(definition.Name);
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Pool {Pool} has given up {Count} numbers that may have been handed out: positions {First} to {Last}. "
            + "Remove --resume-after-restore")]
    private partial void LogGivenUp(string pool, long count, long first, long last);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Pool {Pool} may have been extended, and drawn from beyond its range in this copy, so it is closed: extended "
            + "again, it would hand out numbers again. Create another pool for further numbers")]
    private partial void LogClosed(string pool);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "--resume-after-restore has no effect: no pool gives up numbers. Remove it")]
    private partial void LogNoEffect();

    [LoggerMessage(Level = LogLevel.Information, Message = "Another node is seeding the pool {Pool}; waiting for it")]
    private partial void LogWaiting(string pool);
}
