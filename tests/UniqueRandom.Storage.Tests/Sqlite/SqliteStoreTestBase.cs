using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Base class of tests on a SQLite store with the pool <c>p</c>.</summary>
public abstract class SqliteStoreTestBase : IAsyncLifetime
{
    private protected readonly TemporaryDirectory directory = new();
    private protected readonly SqlitePoolStore store;
    private readonly long size;

    protected SqliteStoreTestBase(long size, TimeProvider? time = null)
    {
        this.size = size;
        store = new SqlitePoolStore(directory.Database, time ?? TimeProvider.System);
    }

    protected static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, CancellationToken);
        await CreateAsync("p", size);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Task CreateAsync(string pool, long size) =>
        store.CreateAndSeedAsync(new PoolDefinition(pool, new PoolRange(1, size)), Seeds.Zero, null, CancellationToken);
}
