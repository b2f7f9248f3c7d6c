using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Audit;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Failover.Tests.Stores;

/// <summary>The store of a node in the test process, so that a test gets each result and each error.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly PostgresPoolStore store;

    private StoreNode(PostgresOptions options) => store = new PostgresPoolStore(options, TimeProvider.System);

    /// <summary>Opens a store.</summary>
    /// <param name="ports">The ports of the servers, in the order of the connection string.</param>
    /// <param name="settings">Further settings of the connection string.</param>
    /// <param name="deadline">How long a step of a batch may take; null for the default.</param>
    /// <param name="requiresStandby">Whether draws require a synchronous standby.</param>
    public static async Task<StoreNode> OpenAsync(
        IEnumerable<int> ports, string settings = "", TimeSpan? deadline = null, bool requiresStandby = false)
    {
        var hosts = string.Join(',', ports.Select(port => $"127.0.0.1:{port}"));
        var connectionString = $"Host={hosts};Username=postgres;Database=postgres;{settings}";
        var defaults = new PostgresOptions { ConnectionString = connectionString };
        var node = new StoreNode(new PostgresOptions
        {
            ConnectionString = connectionString,
            Deadline = deadline ?? defaults.Deadline,
            RequireSyncStandby = requiresStandby,
        });
        try
        {
            await node.store.OpenAsync(null, TestContext.Current.CancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates pools of the numbers 1 to 1,000.</summary>
    public async Task CreateAsync(params string[] pools)
    {
        foreach (var pool in pools)
        {
            await store.CreateAsync(new PoolDefinition(pool, new PoolRange(1, 1000)), Seed.Generate(), CancellationToken.None);
            await store.SeedAsync(pool, null, CancellationToken.None);
        }
    }

    public ValueTask<Pool?> FindAsync(string pool) => store.FindAsync(pool, CancellationToken.None);

    public ValueTask<Pool?> CloseAsync(string pool) => store.CloseAsync(pool, CancellationToken.None);

    /// <summary>Extends a pool by a computed segment, whose numbers are ready when it is recorded.</summary>
    public ValueTask<PoolExtension> ExtendAsync(string pool, long maximum) => store.ExtendAsync(
        new ExtensionRequest(pool, maximum, PoolOrder.Computed, "more"), Seed.Generate(), CancellationToken.None);

    /// <summary>Imports numbers into a pool of the numbers 1 to 1,000.</summary>
    public async Task<PoolCreation> ImportAsync(string pool, params long[] numbers)
    {
        var range = new PoolRange(1, 1000);
        using var set = SampleLog.SetOf(range, numbers);
        var import = new PoolImport(set, ImportedList.Of(range, set), Caller: null);
        return await store.ImportAsync(new PoolDefinition(pool, range), import, Seed.Generate(), CancellationToken.None);
    }

    public ValueTask<Pool?> SeedAsync(string pool) => store.SeedAsync(pool, null, CancellationToken.None);

    public ValueTask CheckAsync() => store.CheckAsync(CancellationToken.None);

    /// <summary>Draws numbers that get their own row of the log.</summary>
    public async Task<DrawOutcome> DrawAsync(string pool, int count = 1)
    {
        var outcomes = new DrawOutcome[1];
        await store.CommitAsync(new DrawRequest[] { new(pool, count, "test") }, outcomes);
        return outcomes[0];
    }

    /// <summary>Draws until the store finds its primary, as the queue of a server does for its clients.</summary>
    public async Task<DrawOutcome> DrawWithRetriesAsync(string pool)
    {
        DrawOutcome? drawn = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    drawn = await DrawAsync(pool);
                    return true;
                }
                catch (StoreException error) when (error.Fault == StoreFault.Unavailable)
                {
                    return false;
                }
            },
            $"a number of the pool '{pool}' is drawn");
        return drawn!.Value;
    }

    /// <summary>Draws until the refusal has the given reason, and verifies that nothing is drawn.</summary>
    /// <returns>The message with the reason.</returns>
    public async Task<string> AssertRefusesAsync(string pool, string reason)
    {
        var message = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var error = await Assert.ThrowsAsync<StoreException>(() => DrawAsync(pool));
                Assert.Equal(StoreFault.Unavailable, error.Fault);
                message = error.Message;
                return message.Contains(reason, StringComparison.Ordinal);
            },
            $"a draw is refused because {reason}");
        return message;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
