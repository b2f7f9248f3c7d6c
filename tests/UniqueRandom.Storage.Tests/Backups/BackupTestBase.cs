using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Backups;

/// <summary>A database with the pool p, a directory for its backups, and every number that was drawn.</summary>
public abstract class BackupTestBase : IDisposable
{
    protected const int Size = 200_000;

    private readonly TemporaryDirectory directory = new();
    private readonly HashSet<long> drawn = [];

    protected BackupTestBase() => Directory.CreateDirectory(Backups);

    protected static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    protected string Database => directory.Database;

    protected string Mark => directory.Mark;

    protected string Backups => directory.File("backups");

    public void Dispose()
    {
        directory.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string PathOf(string name) => directory.File(name);

    protected async Task<SqlitePoolStore> OpenAsync(ResumeAfterRestore? resume = null)
    {
        var store = new SqlitePoolStore(Database, TimeProvider.System, new MarkOptions { Resume = resume });
        try
        {
            await store.OpenAsync(null, CancellationToken);
            await store.CreateAndSeedAsync(
                new PoolDefinition("p", new PoolRange(1, Size)), Seed.Generate(), null, CancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Draws, and verifies that no number was drawn before.</summary>
    protected async Task DrawAsync(SqlitePoolStore store, int count, string? key = null)
    {
        var numbers = await store.DrawNumbersAsync(new DrawRequest("p", count, key is null ? null : "a reference", key));
        Assert.All(numbers, number => Assert.True(drawn.Add(number), $"{number} was drawn before."));
    }

    protected async Task DrawAsync(int count, ResumeAfterRestore? resume = null, string? key = null)
    {
        await using var store = await OpenAsync(resume);
        await DrawAsync(store, count, key);
    }

    protected async Task<StoredBackup> BackUpAsync()
    {
        await using var store = await OpenAsync();
        return await store.BackUpAsync(Backups, CancellationToken);
    }

    protected async Task<string> RefusedAsync(ResumeAfterRestore? resume = null) =>
        (await Assert.ThrowsAsync<StoreRefusedException>(() => OpenAsync(resume))).Message;

    protected static CheckedPool Check(string path) => Assert.Single(SqliteCheck.Run(path, null, CancellationToken));
}
