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
public sealed class PostgresClaimTests(PostgresServer server) : PostgresStoreTestBase(server)
{
    private const int Gate = 42;

    /// <summary>Shadows PostgreSQL's function on the search path of the late node, and waits for the gate.</summary>
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

    private PostgresPoolStore node = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        node = await OpenAsync();
        await node.CreateAndSeedAsync(Pool, Seeds.Counting, null, CancellationToken);
        // Simulates a seeding that was interrupted after the last chunk.
        await Database.ExecuteAsync("UPDATE uniquerandom.pool SET state = 0");
        await Database.ExecuteAsync(LateLock);
    }

    [Fact]
    public async Task A_pool_that_another_node_opened_and_closed_meanwhile_stays_closed()
    {
        await using var late = CreateLateNode();
        await late.OpenAsync(null, CancellationToken);

        var seeded = await DuringClaimAsync(() => late.SeedAsync("p", null, CancellationToken).AsTask(), async () =>
        {
            Assert.NotNull(await node.SeedAsync("p", null, CancellationToken));
            await node.CloseAsync("p", CancellationToken);
        });

        Assert.Null(seeded);
        Assert.Equal(PoolState.Closed, (await node.FindAsync("p", CancellationToken))!.State);
    }

    [Fact]
    public async Task A_pool_that_another_node_opened_meanwhile_is_not_removed_for_an_unexpected_range()
    {
        await using var late = CreateLateNode();

        var refusal = await DuringClaimAsync<Exception?>(
            async () => await Record.ExceptionAsync(
                () => late.OpenAsync(Pool with { Range = new PoolRange(1, 10) }, CancellationToken).AsTask()),
            async () => Assert.NotNull(await node.SeedAsync("p", null, CancellationToken)));

        Assert.IsType<StoreRefusedException>(refusal);
        Assert.Equal(PoolState.Open, (await node.FindAsync("p", CancellationToken))!.State);
        Assert.Equal(2, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));
    }

    private PostgresPoolStore CreateLateNode()
    {
        var connection = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { SearchPath = "late,pg_catalog" };
        return new PostgresPoolStore(
            new PostgresOptions { ConnectionString = connection.ConnectionString, Deadline = TimeSpan.FromSeconds(60) },
            TimeProvider.System);
    }

    /// <summary>
    /// Starts a claim of the pool, and grants its lock only after an action has completed.
    /// </summary>
    private async Task<T> DuringClaimAsync<T>(Func<Task<T>> claimAsync, Func<Task> actionAsync)
    {
        const string isWaiting = """
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                           AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """;
        await using var holder = new NpgsqlConnection(Database.ConnectionString);
        await holder.OpenAsync(CancellationToken);
        await ExecuteAsync($"SELECT pg_advisory_lock({Gate})");
        var claim = claimAsync();
        await Eventually.TrueAsync(() => Database.ScalarAsync<bool>(isWaiting), "the node is about to claim the pool");
        await actionAsync();
        await ExecuteAsync($"SELECT pg_advisory_unlock({Gate})");
        return await claim;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, holder);
            await command.ExecuteNonQueryAsync(CancellationToken);
        }
    }
}
