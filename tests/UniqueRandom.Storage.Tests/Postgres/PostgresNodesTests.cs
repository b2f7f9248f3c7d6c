using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>Several stores on one database, as several nodes have them.</summary>
public sealed class PostgresNodesTests(PostgresServer server) : IAsyncLifetime
{
    private readonly List<PostgresPoolStore> nodes = [];
    private TestDatabase database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await server.CreateDatabaseAsync();
        // All at once, on an empty database: one creates the schema.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task Of_nodes_that_create_a_pool_at_once_one_records_it_and_one_seeds_it()
    {
        var definition = new PoolDefinition("p", new PoolRange(1, 300_000));
        var created = await Task.WhenAll(
            nodes.Select((node, i) => node.CreateAsync(definition, Seeds.Number(i), Cancellation).AsTask()));
        Assert.Single(created, creation => creation.IsNew);
        Assert.Single(created.DistinctBy(creation => creation.Pool));

        var seeded = await Task.WhenAll(nodes.Select(node => node.SeedAsync("p", null, Cancellation).AsTask()));
        var pool = Assert.Single(seeded, pool => pool is not null);
        Assert.Equal(created[0].Pool.Commitment, pool!.Commitment);
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.pool"));
        Assert.Equal(37, await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));
        Assert.All(nodes, node => Assert.Equal(pool, node.FindAsync("p", Cancellation).AsTask().GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task A_pool_is_drawn_to_its_end_by_all_nodes_at_once_and_each_number_is_given_once()
    {
        await CreateAsync("p", 30_000);
        var given = await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => DrawAllAsync(node, i))));
        Assert.Equal(Enumerable.Range(1, 30_000).Select(number => (long)number), given.SelectMany(numbers => numbers).Order());
        Assert.All(given, numbers => Assert.NotEmpty(numbers));
        Assert.Equal(30_000, await database.ScalarAsync<long>("SELECT sum(count)::bigint FROM uniquerandom.draw"));
        await (await OpenAsync()).DisposeAsync();

        static async Task<List<long>> DrawAllAsync(PostgresPoolStore node, int seed)
        {
            var (random, numbers) = (new Random(seed), new List<long>());
            while (true)
            {
                DrawRequest[] requests =
                    [.. Enumerable.Range(0, random.Next(1, 40)).Select(i => new DrawRequest("p", i % 9 == 8 ? 7 : 1))];
                var outcomes = await CommitAsync(node, requests);
                numbers.AddRange(outcomes.SelectMany(outcome => outcome.Numbers.ToArray()));
                if (outcomes.All(outcome => outcome.Kind == DrawOutcomeKind.Exhausted))
                    return numbers;
            }
        }
    }

    [Fact]
    public async Task Neighbours_share_a_row_of_the_log_whichever_node_they_come_from()
    {
        await CreateAsync("p", 100);
        for (var i = 0; i < 20; i++)
            await CommitAsync(nodes[i % 4], new DrawRequest("p"));
        // A second may have ended in between.
        Assert.InRange(await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.draw"), 1, 5);
    }

    /// <summary>
    /// Keys are locked by nothing but the index: pools are, and here each node draws from one of its own, with the keys in an
    /// order of its own.
    /// </summary>
    [Fact]
    public async Task A_key_that_is_used_at_all_nodes_at_once_for_several_pools_is_one_draw_and_nobody_is_left_in_doubt()
    {
        string[] pools = ["a", "b", "c", "d"];
        foreach (var pool in pools)
            await CreateAsync(pool, 10_000);
        for (var round = 0; round < 40; round++)
        {
            var drawn = await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => CommitAsync(
                node,
                    [.. Enumerable.Range(0, 12)
                    .Select(k => new DrawRequest(pools[i], Key: $"key-{round}-{(i % 2 == 0 ? k : 11 - k)}"))]))));
            var keys = drawn.SelectMany(outcomes => outcomes).ToList();
            Assert.Equal(12, keys.Count(outcome => outcome.Kind == DrawOutcomeKind.Drawn && !outcome.IsReplayed));
            Assert.All(
                keys, outcome => Assert.True(outcome.Kind is DrawOutcomeKind.Drawn or DrawOutcomeKind.KeyConflict, $"{outcome}"));
        }

        Assert.Equal(480, await database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.draw"));
        Assert.Equal(480, await database.ScalarAsync<long>("SELECT sum(cursor)::bigint FROM uniquerandom.pool"));
    }

    [Theory]
    [InlineData("UPDATE uniquerandom.pool SET cursor = 2")]
    [InlineData("TRUNCATE uniquerandom.draw")]
    [InlineData("DELETE FROM uniquerandom.draw WHERE first = 5")]
    public async Task A_pool_whose_cursor_or_log_somebody_else_has_changed_is_not_drawn_from(string change)
    {
        await CreateAsync("p", 100);
        await CommitAsync(nodes[0], new("p", 5, "a"), new DrawRequest("p", 5, "b"));
        await database.ExecuteAsync(change);
        Assert.All(nodes, node => Assert.Equal(
            StoreFault.Fatal,
            Assert.ThrowsAsync<StoreException>(() => CommitAsync(node, new DrawRequest("p"))).GetAwaiter().GetResult().Fault));
    }

    [Fact]
    public async Task A_schema_that_is_created_anew_is_drawn_from_as_it_is_and_not_as_it_was()
    {
        await CreateAsync("p", 10_000);
        await CommitAsync(nodes[0], new DrawRequest("p", 100));
        await database.ExecuteAsync("DROP SCHEMA uniquerandom CASCADE");
        var next = await OpenAsync();
        await next.CreateAndSeedAsync(new PoolDefinition("p", new PoolRange(20_001, 30_000)), Seeds.Zero, null, Cancellation);
        var given = (await CommitAsync(nodes[0], new DrawRequest("p", 100)))[0].Numbers.ToArray();
        var other = (await CommitAsync(next, new DrawRequest("p", 100)))[0].Numbers.ToArray();
        Assert.All(given.Concat(other), number => Assert.InRange(number, 20_001, 30_000));
        Assert.Empty(given.Intersect(other));
    }

    [Fact]
    public async Task A_pool_that_is_created_while_a_batch_waits_for_its_locks_is_in_the_next_one()
    {
        await CreateAsync("p", 100);
        await using var holder = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync(Cancellation);
        Task<DrawOutcome[]> waiting;
        await using (var transaction = await holder.BeginTransactionAsync(Cancellation))
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT FROM uniquerandom.pool FOR UPDATE", holder);
            await command.ExecuteNonQueryAsync(Cancellation);
            waiting = CommitAsync(nodes[0], new("p"), new DrawRequest("new"));
            await Eventually.TrueAsync(
                async () => await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"),
                "the batch waits");
            await nodes[1].CreateAndSeedAsync(new PoolDefinition("new", new PoolRange(1, 10)), Seeds.Zero, null, Cancellation);
            await CommitAsync(nodes[1], new DrawRequest("new", 3));
        }

        Assert.Equal([DrawOutcomeKind.Drawn, DrawOutcomeKind.PoolNotFound], (await waiting).Select(outcome => outcome.Kind));
        Assert.Equal(3, (await CommitAsync(nodes[0], new DrawRequest("new")))[0].Position);
    }

    [Fact]
    public async Task A_pool_closed_at_one_node_is_closed_at_all()
    {
        await CreateAsync("p", 100);
        await CommitAsync(nodes[1], new DrawRequest("p"));
        await nodes[0].CloseAsync("p", Cancellation);
        Assert.All(
            nodes,
            node =>
                Assert.Equal(
                    DrawOutcomeKind.PoolClosed, CommitAsync(node, new DrawRequest("p")).GetAwaiter().GetResult()[0].Kind));
    }

    [Fact]
    public async Task A_pool_that_somebody_else_keeps_locked_is_unavailable_and_nothing_of_the_batch_is_recorded()
    {
        await CreateAsync("p", 100);
        await using var holder = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync(Cancellation);
        await using (await holder.BeginTransactionAsync(Cancellation))
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT FROM uniquerandom.pool FOR UPDATE", holder);
            await command.ExecuteNonQueryAsync(Cancellation);
            var error = await Assert.ThrowsAsync<StoreException>(() => CommitAsync(nodes[0], new DrawRequest("p")));
            Assert.Equal(StoreFault.Unavailable, error.Fault);
        }

        Assert.Equal(0, (await CommitAsync(nodes[0], new DrawRequest("p")))[0].Position);
    }

    private static async Task<DrawOutcome[]> CommitAsync(PostgresPoolStore node, params DrawRequest[] requests)
    {
        var outcomes = new DrawOutcome[requests.Length];
        await node.CommitAsync(requests, outcomes);
        return outcomes;
    }

    private async Task CreateAsync(string name, int size) =>
        Assert.NotNull(await nodes[0].CreateAndSeedAsync(
            new PoolDefinition(name, new PoolRange(1, size)), Seeds.Counting, null, Cancellation));

    private async Task<PostgresPoolStore> OpenAsync()
    {
        var node = new PostgresPoolStore(
            new PostgresOptions { ConnectionString = database.ConnectionString }, TimeProvider.System);
        lock (nodes)
            nodes.Add(node);
        await node.OpenAsync(null, Cancellation);
        return node;
    }
}
