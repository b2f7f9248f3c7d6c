using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>Base class of tests on an empty PostgreSQL database. The stores that it opens are disposed with the test.</summary>
public abstract class PostgresStoreTestBase(PostgresServer server) : IAsyncLifetime
{
    private readonly List<PostgresPoolStore> stores = [];

    protected static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    protected TestDatabase Database { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Database = await server.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores)
            await store.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a store on the database. Thread-safe.</summary>
    protected Task<PostgresPoolStore> OpenAsync(PoolDefinition? expected = null) =>
        OpenAsync(expected, "", CancellationToken);

    /// <summary>Opens a store on the database, with more settings in its connection string. Thread-safe.</summary>
    protected async Task<PostgresPoolStore> OpenAsync(
        PoolDefinition? expected, string settings, CancellationToken cancellationToken)
    {
        var store = new PostgresPoolStore(
            new PostgresOptions { ConnectionString = $"{Database.ConnectionString};{settings}" }, TimeProvider.System);
        lock (stores)
            stores.Add(store);
        await store.OpenAsync(expected, cancellationToken);
        return store;
    }
}
