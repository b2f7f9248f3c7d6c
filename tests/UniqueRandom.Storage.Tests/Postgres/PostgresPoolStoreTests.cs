using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

public sealed class PostgresPoolStoreTests(PostgresServer server) : PoolStoreContract
{
    private TestDatabase? database;

    public override async ValueTask InitializeAsync()
    {
        database = await server.CreateDatabaseAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (database is null)
            return;
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    protected override IPoolStore CreateStore() =>
        new PostgresPoolStore(new PostgresOptions { ConnectionString = database!.ConnectionString }, Time);
}
