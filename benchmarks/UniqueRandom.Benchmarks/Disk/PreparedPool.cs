using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Hosting;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Benchmarks.Disk;

/// <summary>The pool <c>default</c>, seeded and advanced without the server.</summary>
internal static class PreparedPool
{
    private const int DrawsAtOnce = 100;

    /// <summary>Opens the store, seeds the pool if there is none, and draws up to a share of it, unless that much is drawn already.</summary>
    public static async Task<SqlitePoolStore> OpenAsync(string path, int size, double percentDrawn, CancellationToken cancellation = default)
    {
        var store = await OpenStoreAsync(path, cancellation);
        var pool = await store.FindAsync(PoolName.Default, cancellation) ?? await SeedAsync(store, size, cancellation);
        await AdvanceAsync(store, pool.Cursor, Share.Of(size, percentDrawn), cancellation);
        return store;
    }

    public static async Task<SqlitePoolStore> OpenStoreAsync(string path, CancellationToken cancellation = default)
    {
        var store = new SqlitePoolStore(path, TimeProvider.System);
        await store.OpenAsync(expected: null, cancellation);
        return store;
    }

    public static async Task<Pool> SeedAsync(SqlitePoolStore store, int size, CancellationToken cancellation = default) =>
        await store.CreateAsync(new PoolDefinition(PoolName.Default, new PoolRange(1, size)), Seed.Generate(), null, cancellation)
            ?? throw new InvalidOperationException("The pool was there already.");

    private static async Task AdvanceAsync(SqlitePoolStore store, int cursor, int end, CancellationToken cancellation)
    {
        var requests = new DrawRequest[DrawsAtOnce];
        var outcomes = new DrawOutcome[DrawsAtOnce];
        while (cursor < end)
        {
            cancellation.ThrowIfCancellationRequested();
            var draws = 0;
            for (; draws < DrawsAtOnce && cursor < end; draws++)
            {
                var count = Math.Min(DrawRequest.MaximumCount, end - cursor);
                requests[draws] = new DrawRequest(PoolName.Default, count);
                cursor += count;
            }

            await store.CommitAsync(requests.AsMemory(0, draws), outcomes.AsMemory(0, draws));
        }
    }
}
