using UniqueRandom.Audit;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>A log that loses rows while it is exported, as after a failover without synchronous replication.</summary>
public sealed class LostLogTests(PostgresServer server) : IAsyncLifetime
{
    private const int Draws = 600;

    private TestDatabase database = null!;
    private PostgresPoolStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await server.CreateDatabaseAsync();
        store = new PostgresPoolStore(new PostgresOptions { ConnectionString = database.ConnectionString }, TimeProvider.System);
        await store.OpenAsync(null, Cancellation);
        await store.CreateAndSeedAsync(new PoolDefinition("p", new PoolRange(1, 1000)), Seeds.Zero, null, Cancellation);
        var requests = Enumerable.Range(0, Draws).Select(i => new DrawRequest("p", Reference: $"{i}")).ToArray();
        await store.CommitAsync(requests, new DrawOutcome[Draws]);
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    /// <summary>Regression: the export read the database again and again, for ever.</summary>
    [Theory]
    [InlineData("DELETE FROM uniquerandom.draw WHERE first >= 256")]
    [InlineData("DELETE FROM uniquerandom.draw WHERE first >= 256; UPDATE uniquerandom.pool SET cursor = 256")]
    public async Task An_export_fails_where_its_log_ends(string loss)
    {
        var pool = (await store.FindAsync("p", Cancellation))!;
        var read = 0;
        var error = await Assert.ThrowsAsync<StoreException>(() => ReadAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal((StoreFault.Unavailable, 256), (error.Fault, read));
        Assert.Contains("up to position 256, and not up to its cursor 600", error.Message, StringComparison.Ordinal);

        async Task ReadAsync()
        {
            await foreach (var _ in DrawLog.ReadAsync(store, pool, 0, Cancellation))
            {
                if (read++ == 0)
                    await database.ExecuteAsync(loss);
            }
        }
    }

    [Fact]
    public async Task An_export_that_begins_behind_the_end_of_its_log_fails()
    {
        var pool = (await store.FindAsync("p", Cancellation))!;
        await database.ExecuteAsync(
            "DELETE FROM uniquerandom.draw WHERE first >= 100; UPDATE uniquerandom.pool SET cursor = 100");
        var log = DrawLog.ReadAsync(store, pool, 50, Cancellation).GetAsyncEnumerator(Cancellation);
        await using (log)
        {
            var error = await Assert.ThrowsAsync<StoreException>(() => log.MoveNextAsync().AsTask());
            Assert.Equal(StoreFault.Unavailable, error.Fault);
        }
    }

    /// <summary>Regression: a look-up read the first row of an empty result, and was answered 500.</summary>
    [Fact]
    public async Task A_row_that_is_lost_after_its_position_was_found_is_unavailable()
    {
        var row = await DrawLog.ReadRowAsync(store, "p", 400, Cancellation);
        Assert.Equal("400", row.Reference);

        await database.ExecuteAsync("DELETE FROM uniquerandom.draw WHERE first >= 256");
        var error = await Assert.ThrowsAsync<StoreException>(async () => await DrawLog.ReadRowAsync(store, "p", 400, Cancellation));
        Assert.Equal(StoreFault.Unavailable, error.Fault);
    }
}
