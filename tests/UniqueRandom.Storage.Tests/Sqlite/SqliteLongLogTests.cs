using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>A log that is too long to be read before the first draw.</summary>
public sealed class SqliteLongLogTests : IAsyncLifetime
{
    private const int Rows = 250_000;

    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using (var store = new SqlitePoolStore(directory.Database, TimeProvider.System))
        {
            await store.OpenAsync(null, CancellationToken);
            await store.CreateAndSeedAsync(
                new PoolDefinition("p", new PoolRange(1, 1_000_000)), Seed.Generate(), null, CancellationToken);
        }

        SqliteDatabase.Execute(
            directory.Database,
            $"""
            WITH RECURSIVE row (first) AS (SELECT 0 UNION ALL SELECT first + 1 FROM row WHERE first + 1 < {Rows})
            INSERT INTO draw (pool_id, first, count, drawn_at, reference) SELECT 1, first, 1, 0, 'r' || first FROM row;
            UPDATE pool SET cursor = {Rows};
            """);
        File.Delete(directory.Mark);
        SqliteDatabase.Execute(directory.Database, "UPDATE session SET has_mark = 0");
    }

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return default;
    }

    [Fact]
    public async Task The_rest_is_verified_beside_draws()
    {
        await using var store = await OpenAsync();
        await store.CommitBatchAsync(new DrawRequest("p"));
        await store.VerifyAsync(everything: false, null, CancellationToken);
        await store.CommitBatchAsync(new DrawRequest("p"));
    }

    [Theory]
    [InlineData("DELETE FROM draw WHERE first = 100", "a gap or an overlap at position 100.")]
    [InlineData("DELETE FROM draw WHERE first = 249999", "its draw log says 249999")]
    public async Task What_the_next_draws_rely_on_and_the_beginning_are_verified_before(string damage, string message)
    {
        SqliteDatabase.Execute(directory.Database, damage);
        Assert.Contains(message, (await Assert.ThrowsAsync<StoreRefusedException>(OpenAsync)).Message);
    }

    [Fact]
    public async Task Damage_in_the_rest_ends_the_draws()
    {
        SqliteDatabase.Execute(directory.Database, "DELETE FROM draw WHERE first = 249000");
        await using var store = await OpenAsync();
        await store.CommitBatchAsync(new DrawRequest("p"));

        var error = await Assert.ThrowsAsync<StoreException>(() => store.VerifyAsync(false, null, CancellationToken).AsTask());
        Assert.Equal(StoreFault.Fatal, error.Fault);
        Assert.Contains("a gap or an overlap at position 249000.", error.Message);
        Assert.Same(error, await Assert.ThrowsAsync<StoreException>(() => store.CommitBatchAsync(new DrawRequest("p"))));
    }

    private async Task<SqlitePoolStore> OpenAsync()
    {
        var store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        await store.OpenAsync(null, CancellationToken);
        return store;
    }
}
