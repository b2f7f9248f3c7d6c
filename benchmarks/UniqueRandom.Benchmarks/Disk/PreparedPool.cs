using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Benchmarks.Disk;

/// <summary>Seeds the default pool and draws from it without a server.</summary>
internal static class PreparedPool
{
    public const string Name = "default";

    private const int DrawsPerCommit = 100;

    /// <summary>Opens a store, seeds the pool if it does not exist, and draws until a percentage of it is drawn.</summary>
    public static async Task<SqlitePoolStore> OpenAsync(
        string path, int size, double percentDrawn, CancellationToken cancellationToken = default)
    {
        var store = await OpenStoreAsync(path, cancellationToken);
        var pool = await store.FindAsync(Name, cancellationToken) ?? await SeedAsync(store, size, cancellationToken);
        await AdvanceAsync(store, pool.Cursor, (long)Math.Round(size * percentDrawn / 100), cancellationToken);
        return store;
    }

    public static async Task<SqlitePoolStore> OpenStoreAsync(string path, CancellationToken cancellationToken = default)
    {
        var store = new SqlitePoolStore(path, TimeProvider.System);
        await store.OpenAsync(expected: null, cancellationToken);
        return store;
    }

    public static async Task<Pool> SeedAsync(SqlitePoolStore store, int size, CancellationToken cancellationToken = default)
    {
        await store.CreateAsync(new PoolDefinition(Name, new PoolRange(1, size)), Seed.Generate(), cancellationToken);
        return await store.SeedAsync(Name, null, cancellationToken)
            ?? throw new InvalidOperationException("The pool already exists.");
    }

    private static async Task AdvanceAsync(SqlitePoolStore store, long cursor, long end, CancellationToken cancellationToken)
    {
        var requests = new DrawRequest[DrawsPerCommit];
        var outcomes = new DrawOutcome[DrawsPerCommit];
        while (cursor < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var draws = 0;
            for (; draws < DrawsPerCommit && cursor < end; draws++)
            {
                var count = (int)Math.Min(DrawRequest.MaximumCount, end - cursor);
                requests[draws] = new DrawRequest(Name, count);
                cursor += count;
            }

            await store.CommitAsync(requests.AsMemory(0, draws), outcomes.AsMemory(0, draws));
        }
    }
}
