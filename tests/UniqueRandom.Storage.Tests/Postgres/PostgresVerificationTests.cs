using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>The check of a database, and a log that is too long to be read before the first draw.</summary>
public sealed class PostgresVerificationTests(PostgresServer server) : PostgresStoreTestBase(server)
{
    private const int Rows = 250_000;

    [Fact]
    public async Task The_rest_of_a_long_log_is_verified_beside_draws()
    {
        await using var store = await OpenLongLogAsync();
        await store.CommitBatchAsync(new DrawRequest("p"));
        await store.VerifyAsync(everything: false, null, CancellationToken);
    }

    [Fact]
    public async Task Damage_in_the_rest_of_a_long_log_is_fatal_and_its_end_is_verified_before()
    {
        await using var store = await OpenLongLogAsync("DELETE FROM uniquerandom.draw WHERE first = 249000");
        var error = await Assert.ThrowsAsync<StoreException>(() => store.VerifyAsync(false, null, CancellationToken).AsTask());
        Assert.Equal(StoreFault.Fatal, error.Fault);
        Assert.Contains("a gap or an overlap at position 249000.", error.Message);

        await Database.ExecuteAsync("DELETE FROM uniquerandom.draw WHERE first = 249999");
        Assert.Contains("its draw log says 249999", (await Assert.ThrowsAsync<StoreRefusedException>(() => OpenAsync())).Message);
    }

    [Fact]
    public async Task A_whole_database_passes_the_check_while_a_node_draws()
    {
        await using var store = await CreateAsync();
        await store.CommitBatchAsync(new DrawRequest("p", 500));
        await store.VerifyAsync(everything: true, null, CancellationToken);
        var steps = new List<CheckProgress>();
        var pool = Assert.Single(await CheckAsync(new Collector(steps)));
        Assert.Equal(("p", PoolState.Open, 500), (pool.Definition.Name, pool.State, pool.Drawn));
        Assert.Equal(new CheckProgress(1_000_000, 1_000_000), steps[^1]);
    }

    [Fact]
    public async Task The_check_takes_computed_orders_of_any_size()
    {
        await using var store = await OpenAsync();
        foreach (var name in (string[])["a", "b"])
        {
            var pool = new PoolDefinition(name, new PoolRange(1, long.MaxValue), PoolOrder.Computed);
            await store.CreateAsync(pool, Seed.Generate(), CancellationToken);
            await store.CommitBatchAsync(new DrawRequest(name, 500));
        }

        Assert.Equal(["a", "b"], (await CheckAsync(null)).Select(pool => pool.Definition.Name));
    }

    [Theory]
    [InlineData("UPDATE uniquerandom.chunk SET offsets = set_byte(offsets, 9, 255 - get_byte(offsets, 9)) WHERE number = 100",
        "Chunk 100 of the pool 'p' is damaged")]
    [InlineData("UPDATE uniquerandom.draw SET first = 1", "a gap or an overlap at position 0.")]
    [InlineData("UPDATE uniquerandom.pool SET seed = decode(repeat('00', 32), 'hex')", "its commitment does not fit")]
    public async Task Damage_is_named_by_the_check(string damage, string message)
    {
        await using var store = await CreateAsync();
        await store.CommitBatchAsync(new DrawRequest("p", 500));
        await Database.ExecuteAsync(damage);
        Assert.Contains(message, (await Assert.ThrowsAsync<StoreRefusedException>(() => CheckAsync(null))).Message);
    }

    [Fact]
    public async Task A_database_without_pools_is_refused_by_the_check_and_stays_empty()
    {
        Assert.Contains("has no pools", (await Assert.ThrowsAsync<StoreRefusedException>(() => CheckAsync(null))).Message);
        Assert.Equal(0, await Database.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'uniquerandom'"));
    }

    private Task<IReadOnlyList<CheckedPool>> CheckAsync(IProgress<CheckProgress>? progress) => PostgresCheck.RunAsync(
        new PostgresOptions { ConnectionString = Database.ConnectionString }, progress, CancellationToken);

    private async Task<PostgresPoolStore> CreateAsync()
    {
        var store = await OpenAsync();
        await store.CreateAndSeedAsync(
            new PoolDefinition("p", new PoolRange(1, 1_000_000)), Seed.Generate(), null, CancellationToken);
        return store;
    }

    private async Task<PostgresPoolStore> OpenLongLogAsync(string damage = "")
    {
        await using (await CreateAsync())
        {
        }

        await Database.ExecuteAsync(
            $"""
            INSERT INTO uniquerandom.draw (pool_id, first, count, drawn_at, reference, caller)
            SELECT 1, first, 1, now(), 'r' || first, '' FROM generate_series(0, {Rows - 1}) first;
            UPDATE uniquerandom.pool SET cursor = {Rows};
            {damage}
            """);
        return await OpenAsync();
    }

    private sealed class Collector(List<CheckProgress> steps) : IProgress<CheckProgress>
    {
        public void Report(CheckProgress value) => steps.Add(value);
    }
}
