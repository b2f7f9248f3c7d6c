using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Draws;

/// <summary>A SQLite store with the pool <c>p</c>, and in front of it one whose commits wait or fail.</summary>
public abstract class HeldQueueTest : IAsyncLifetime
{
    private readonly TemporaryDirectory directory = new();
    private readonly long size;
    private protected readonly SqlitePoolStore store;
    private protected readonly HeldStore held;

    protected HeldQueueTest(long size)
    {
        this.size = size;
        store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        held = new HeldStore(store);
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await store.OpenAsync(null, Cancellation);
        await store.CreateAndSeedAsync(new PoolDefinition("p", new PoolRange(1, size)), Seeds.Zero, null, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
