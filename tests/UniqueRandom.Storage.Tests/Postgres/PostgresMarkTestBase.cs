using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>Base class of tests with nodes that have marks, a pool p, and every number that was drawn from it.</summary>
public abstract class PostgresMarkTestBase(PostgresServer server) : PostgresStoreTestBase(server), IDisposable
{
    private const int Size = 20_000;

    private readonly TemporaryDirectory directory = new();
    private readonly HashSet<long> drawn = [];

    public void Dispose()
    {
        directory.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string MarkOf(string node) => directory.File($"{node}.mark");

    /// <summary>Draws, and makes the database as it was before that.</summary>
    protected async Task RestoreAfterAsync(Func<Task> draw)
    {
        var cursor = await Database.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool WHERE name = 'p'");
        await draw();
        await Database.ExecuteAsync(
            $"DELETE FROM uniquerandom.draw WHERE first >= {cursor}; UPDATE uniquerandom.draw SET count = {cursor} - first "
            + $"WHERE first + count > {cursor}; UPDATE uniquerandom.pool SET cursor = {cursor} WHERE name = 'p'");
    }

    protected PostgresPoolStore CreateStore(string node, ResumeAfterRestore? resume = null) => new(
        new PostgresOptions
        {
            ConnectionString = Database.ConnectionString,
            Mark = new MarkOptions { Path = MarkOf(node), Resume = resume },
        },
        TimeProvider.System);

    protected async Task<string> RefusedAsync(string node, ResumeAfterRestore? resume = null)
    {
        await using var store = CreateStore(node, resume);
        return (await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(null, CancellationToken).AsTask())).Message;
    }

    protected async Task<PostgresPoolStore> OpenMarkedAsync(string node, ResumeAfterRestore? resume = null, string pool = "p")
    {
        var store = CreateStore(node, resume);
        await store.OpenAsync(null, CancellationToken);
        var definition = new PoolDefinition(pool, new PoolRange(1, Size));
        await store.CreateAndSeedAsync(definition, Seed.Generate(), null, CancellationToken);
        return store;
    }

    protected async Task<long[]> DrawAsync(string node, int count, ResumeAfterRestore? resume = null, string pool = "p")
    {
        await using var store = await OpenMarkedAsync(node, resume, pool);
        return await DrawAsync(store, count, pool);
    }

    /// <summary>Draws, and verifies that no number was drawn before.</summary>
    protected async Task<long[]> DrawAsync(PostgresPoolStore store, int count, string pool = "p")
    {
        var numbers = await store.DrawNumbersAsync(new DrawRequest(pool, count));
        if (pool == "p")
            Assert.All(numbers, number => Assert.True(drawn.Add(number), $"{number} was drawn before."));
        return numbers;
    }

    protected async Task DrawUntilAsync(PostgresPoolStore store) => await Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return (await DrawAsync(store, 1)).Length == 1;
            }
            catch (StoreException error) when (error.Fault == StoreFault.Unavailable)
            {
                return false;
            }
        },
        "the running node draws");

    protected async Task<(long Cursor, IReadOnlyList<DrawLogRow> Log)> ReadAsync()
    {
        await using var store = await OpenAsync();
        var pool = await store.FindAsync("p", CancellationToken);
        return (pool!.Cursor, await store.ReadLogAsync("p", 0, 100, CancellationToken));
    }
}
