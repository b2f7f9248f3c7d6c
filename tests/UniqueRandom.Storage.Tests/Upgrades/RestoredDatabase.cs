using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Upgrades;

/// <summary>A database for one test: a copy of that of a fixture, or an empty one.</summary>
internal abstract class RestoredDatabase : IAsyncDisposable
{
    protected static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>The version of the schema that the present program writes.</summary>
    public abstract int PresentVersion { get; }

    /// <summary>What messages call the database.</summary>
    public abstract string Description { get; }

    /// <summary>Copies the database of a fixture. Skips the test if it needs PostgreSQL and there is none.</summary>
    public static async Task<RestoredDatabase> OfAsync(UpgradeFixture fixture, PostgresServer server)
    {
        var database = await CreateAsync(fixture.IsSqlite, server);
        await database.RestoreAsync(fixture);
        return database;
    }

    public static async Task<RestoredDatabase> CreateAsync(bool isSqlite, PostgresServer server) =>
        isSqlite ? new RestoredSqlite() : new RestoredPostgres(await server.CreateDatabaseAsync());

    public abstract IPoolStore CreateStore();

    public async Task<IPoolStore> OpenAsync()
    {
        var store = CreateStore();
        await store.OpenAsync(null, CancellationToken);
        return store;
    }

    public abstract Task<long> ReadVersionAsync();

    /// <summary>Stores another number as the version of the schema.</summary>
    public abstract Task WriteVersionAsync(int version);

    /// <summary>Describes the schema.</summary>
    public abstract Task<string> ReadSchemaAsync();

    /// <summary>Describes everything that is stored.</summary>
    public abstract Task<string> ReadContentAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task RestoreAsync(UpgradeFixture fixture);
}
