using Npgsql;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>A node claims a pool just after another node has opened it.</summary>
public sealed class PostgresClaimTests(PostgresServer server) : IAsyncLifetime
{
    private const int Gate = 42;

    /// <summary>Found before PostgreSQL's own function on the search path of the late node; waits for the gate first.</summary>
    private static readonly string LateLock = $"""
        CREATE SCHEMA late;
        CREATE FUNCTION late.pg_try_advisory_lock(integer, integer) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = 0 AS $$
        BEGIN
            PERFORM pg_advisory_lock({Gate});
            PERFORM pg_advisory_unlock({Gate});
            RETURN pg_catalog.pg_try_advisory_lock($1, $2);
        END $$
        """;

    private static readonly PoolDefinition Pool = new("p", new PoolRange(1, 10_000));

    private TestDatabase database = null!;
    private PostgresPoolStore node = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await server.CreateDatabaseAsync();
        node = Connect(database.ConnectionString);
        await node.OpenAsync(null, CancellationToken);
        await node.CreateAndSeedAsync(Pool, Seeds.Counting, null, CancellationToken);
        // As if its seeding had been cut off after the last chunk.
        await database.ExecuteAsync("UPDATE uniquerandom.pool SET state = 0");
        await database.ExecuteAsync(LateLock);
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null)
            await node.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task A_pool_that_another_node_has_opened_and_closed_meanwhile_stays_closed()
    {
        await using var late = ConnectLate();
        await late.OpenAsync(null, CancellationToken);

        var seeded = await WhileItWaitsAsync(() => late.SeedAsync("p", null, CancellationToken).AsTask(), async () =>
        {
            Assert.NotNull(await node.SeedAsync("p", null, CancellationToken));
            await node.CloseAsync("p", CancellationToken);
        });

        Assert.Null(seeded);
        Assert.Equal(PoolState.Closed, (await node.FindAsync("p", CancellationToken))!.State);
    }

    [Fact]
    public async Task A_pool_that_another_node_has_opened_meanwhile_is_not_removed_by_a_start_that_expects_another_range()
    {
        await using var late = ConnectLate();

        var refusal = await WhileItWaitsAsync<Exception?>(
            async () => await Record.ExceptionAsync(
                () => late.OpenAsync(Pool with { Range = new PoolRange(1, 10) }, CancellationToken).AsTask()),
            async () => Assert.NotNull(await node.SeedAsync("p", null, CancellationToken)));

        Assert.IsType<StoreRefusedException>(refusal);
        Assert.Equal(PoolState.Open, (await node.FindAsync("p", CancellationToken))!.State);
        Assert.Equal(2, await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));
    }

    private static PostgresPoolStore Connect(string connectionString) => new(
        new PostgresOptions { ConnectionString = connectionString, Deadline = TimeSpan.FromSeconds(60) }, TimeProvider.System);

    private PostgresPoolStore ConnectLate() =>
        Connect(new NpgsqlConnectionStringBuilder(database.ConnectionString) { SearchPath = "late,pg_catalog" }.ConnectionString);

    /// <summary>
    /// Starts something that claims the pool, and lets it get the lock only after something else has been done.
    /// </summary>
    private async Task<T> WhileItWaitsAsync<T>(Func<Task<T>> claimAsync, Func<Task> meanwhileAsync)
    {
        const string isWaiting = """
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                           AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """;
        await using var holder = new NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync(CancellationToken);
        await ExecuteAsync($"SELECT pg_advisory_lock({Gate})");
        var claim = claimAsync();
        await Eventually.TrueAsync(() => database.ScalarAsync<bool>(isWaiting), "the node is about to claim the pool");
        await meanwhileAsync();
        await ExecuteAsync($"SELECT pg_advisory_unlock({Gate})");
        return await claim;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, holder);
            await command.ExecuteNonQueryAsync(CancellationToken);
        }
    }
}
