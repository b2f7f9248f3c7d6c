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
public sealed class LostLogTests(PostgresServer server) : PostgresStoreTestBase(server)
{
    private const int Draws = 600;

    private PostgresPoolStore store = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        store = await OpenAsync();
        await store.CreateAndSeedAsync(new PoolDefinition("p", new PoolRange(1, 1000)), Seeds.Zero, null, CancellationToken);
        await store.CommitBatchAsync([.. Enumerable.Range(0, Draws).Select(i => new DrawRequest("p", Reference: $"{i}"))]);
    }

    /// <summary>Regression test: the export read the database in an endless loop.</summary>
    [Theory]
    [InlineData("DELETE FROM uniquerandom.draw WHERE first >= 256")]
    [InlineData("DELETE FROM uniquerandom.draw WHERE first >= 256; UPDATE uniquerandom.pool SET cursor = 256")]
    public async Task An_export_fails_where_its_log_ends(string loss)
    {
        var pool = (await store.FindAsync("p", CancellationToken))!;
        var read = 0;
        var error = await Assert.ThrowsAsync<StoreException>(
            () => ReadAsync().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken));
        Assert.Equal((StoreFault.Unavailable, 256), (error.Fault, read));
        Assert.Contains("up to position 256, and not up to its cursor 600", error.Message, StringComparison.Ordinal);

        async Task ReadAsync()
        {
            await foreach (var _ in DrawLog.ReadAsync(store, pool, 0, CancellationToken))
            {
                if (read++ == 0)
                    await Database.ExecuteAsync(loss);
            }
        }
    }

    [Fact]
    public async Task An_export_fails_if_its_log_lost_rows_before_it_starts()
    {
        var pool = (await store.FindAsync("p", CancellationToken))!;
        await Database.ExecuteAsync(
            "DELETE FROM uniquerandom.draw WHERE first >= 100; UPDATE uniquerandom.pool SET cursor = 100");
        var log = DrawLog.ReadAsync(store, pool, 50, CancellationToken).GetAsyncEnumerator(CancellationToken);
        await using (log)
        {
            var error = await Assert.ThrowsAsync<StoreException>(() => log.MoveNextAsync().AsTask());
            Assert.Equal(StoreFault.Unavailable, error.Fault);
        }
    }

    /// <summary>Regression test: a look-up read the first row of an empty result, and was answered 500.</summary>
    [Fact]
    public async Task A_row_that_is_lost_after_its_position_was_found_is_unavailable()
    {
        var row = await DrawLog.ReadRowAsync(store, "p", 400, CancellationToken);
        Assert.Equal("400", row.Reference);

        await Database.ExecuteAsync("DELETE FROM uniquerandom.draw WHERE first >= 256");
        var error = await Assert.ThrowsAsync<StoreException>(
            () => DrawLog.ReadRowAsync(store, "p", 400, CancellationToken).AsTask());
        Assert.Equal(StoreFault.Unavailable, error.Fault);
    }
}
