using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>Several nodes on one database.</summary>
public sealed class PostgresNodesTests(PostgresServer server) : PostgresStoreTestBase(server)
{
    private PostgresPoolStore[] nodes = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // The nodes start at the same time on an empty database, and one of them creates the schema.
        nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
    }

    [Fact]
    public async Task When_nodes_create_a_pool_at_the_same_time_one_records_it_and_one_seeds_it()
    {
        var definition = new PoolDefinition("p", new PoolRange(1, 300_000));
        var created = await Task.WhenAll(
            nodes.Select((node, i) => node.CreateAsync(definition, Seeds.Number(i), CancellationToken).AsTask()));
        Assert.Single(created, creation => creation.IsNew);
        Assert.Single(created.DistinctBy(creation => creation.Pool));

        var seeded = await Task.WhenAll(nodes.Select(node => node.SeedAsync("p", null, CancellationToken).AsTask()));
        var pool = Assert.Single(seeded, pool => pool is not null);
        Assert.Equal(created[0].Pool.Commitment, pool!.Commitment);
        Assert.Equal(1, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.pool"));
        Assert.Equal(37, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));
        Assert.All(nodes, node => Assert.Equal(pool, node.FindAsync("p", CancellationToken).AsTask().GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task Nodes_that_exhaust_a_pool_at_the_same_time_draw_each_number_once()
    {
        await CreateAsync("p", 30_000);
        var drawn = await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => DrawAllAsync(node, i))));
        Assert.Equal(Enumerable.Range(1, 30_000).Select(number => (long)number), drawn.SelectMany(numbers => numbers).Order());
        Assert.All(drawn, numbers => Assert.NotEmpty(numbers));
        Assert.Equal(30_000, await Database.ScalarAsync<long>("SELECT sum(count)::bigint FROM uniquerandom.draw"));
        await (await OpenAsync()).DisposeAsync();

        static async Task<List<long>> DrawAllAsync(PostgresPoolStore node, int seed)
        {
            var (random, numbers) = (new Random(seed), new List<long>());
            while (true)
            {
                DrawRequest[] requests =
                    [.. Enumerable.Range(0, random.Next(1, 40)).Select(i => new DrawRequest("p", i % 9 == 8 ? 7 : 1))];
                var outcomes = await node.CommitBatchAsync(requests);
                numbers.AddRange(outcomes.SelectMany(outcome => outcome.Numbers.ToArray()));
                if (outcomes.All(outcome => outcome.Kind == DrawOutcomeKind.Exhausted))
                    return numbers;
            }
        }
    }

    [Fact]
    public async Task Draws_of_different_nodes_share_a_row_of_the_log()
    {
        await CreateAsync("p", 100);
        for (var i = 0; i < 20; i++)
            await nodes[i % 4].CommitBatchAsync(new DrawRequest("p"));
        // A new second starts a new row.
        Assert.InRange(await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.draw"), 1, 5);
    }

    /// <summary>
    /// Only the index locks keys. Each node draws from its own pool, so that the locks of pools don't order the draws, and uses
    /// the keys in its own order.
    /// </summary>
    [Fact]
    public async Task A_key_used_on_all_nodes_at_the_same_time_is_one_draw_and_none_is_in_doubt()
    {
        string[] pools = ["a", "b", "c", "d"];
        foreach (var pool in pools)
            await CreateAsync(pool, 10_000);
        for (var round = 0; round < 40; round++)
        {
            var drawn = await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => node.CommitBatchAsync(
                [.. Enumerable.Range(0, 12)
                    .Select(k => new DrawRequest(pools[i], Key: $"key-{round}-{(i % 2 == 0 ? k : 11 - k)}"))]))));
            var keys = drawn.SelectMany(outcomes => outcomes).ToList();
            Assert.Equal(12, keys.Count(outcome => outcome.Kind == DrawOutcomeKind.Drawn && !outcome.IsReplayed));
            Assert.All(
                keys, outcome => Assert.True(outcome.Kind is DrawOutcomeKind.Drawn or DrawOutcomeKind.KeyConflict, $"{outcome}"));
        }

        Assert.Equal(480, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.draw"));
        Assert.Equal(480, await Database.ScalarAsync<long>("SELECT sum(cursor)::bigint FROM uniquerandom.pool"));
    }

    [Theory]
    [InlineData("UPDATE uniquerandom.pool SET cursor = 2")]
    [InlineData("TRUNCATE uniquerandom.draw")]
    [InlineData("DELETE FROM uniquerandom.draw WHERE first = 5")]
    public async Task A_pool_whose_cursor_or_log_was_changed_externally_cannot_be_drawn_from(string change)
    {
        await CreateAsync("p", 100);
        await nodes[0].CommitBatchAsync(new("p", 5, "a"), new DrawRequest("p", 5, "b"));
        await Database.ExecuteAsync(change);
        Assert.All(nodes, node => Assert.Equal(
            StoreFault.Fatal,
            Assert.ThrowsAsync<StoreException>(
                () => node.CommitBatchAsync(new DrawRequest("p"))).GetAwaiter().GetResult().Fault));
    }

    [Fact]
    public async Task Draws_use_a_recreated_schema_instead_of_cached_state()
    {
        await CreateAsync("p", 10_000);
        await nodes[0].CommitBatchAsync(new DrawRequest("p", 100));
        await Database.ExecuteAsync("DROP SCHEMA uniquerandom CASCADE");
        var next = await OpenAsync();
        await next.CreateAndSeedAsync(
            new PoolDefinition("p", new PoolRange(20_001, 30_000)), Seeds.Zero, null, CancellationToken);
        var drawn = (await nodes[0].CommitBatchAsync(new DrawRequest("p", 100)))[0].Numbers.ToArray();
        var other = (await next.CommitBatchAsync(new DrawRequest("p", 100)))[0].Numbers.ToArray();
        Assert.All(drawn.Concat(other), number => Assert.InRange(number, 20_001, 30_000));
        Assert.Empty(drawn.Intersect(other));
    }

    [Fact]
    public async Task A_pool_created_while_a_batch_waits_for_its_locks_is_found_by_the_next_batch()
    {
        await CreateAsync("p", 100);
        await using var holder = new Npgsql.NpgsqlConnection(Database.ConnectionString);
        await holder.OpenAsync(CancellationToken);
        Task<DrawOutcome[]> waiting;
        await using (var transaction = await holder.BeginTransactionAsync(CancellationToken))
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT FROM uniquerandom.pool FOR UPDATE", holder);
            await command.ExecuteNonQueryAsync(CancellationToken);
            waiting = nodes[0].CommitBatchAsync(new("p"), new DrawRequest("new"));
            await Eventually.TrueAsync(
                async () => await Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"),
                "the batch waits");
            await nodes[1].CreateAndSeedAsync(
                new PoolDefinition("new", new PoolRange(1, 10)), Seeds.Zero, null, CancellationToken);
            await nodes[1].CommitBatchAsync(new DrawRequest("new", 3));
        }

        Assert.Equal([DrawOutcomeKind.Drawn, DrawOutcomeKind.PoolNotFound], (await waiting).Select(outcome => outcome.Kind));
        Assert.Equal(3, (await nodes[0].CommitBatchAsync(new DrawRequest("new")))[0].Position);
    }

    [Fact]
    public async Task A_pool_closed_on_one_node_is_closed_on_all_nodes()
    {
        await CreateAsync("p", 100);
        await nodes[1].CommitBatchAsync(new DrawRequest("p"));
        await nodes[0].CloseAsync("p", CancellationToken);
        Assert.All(
            nodes,
            node =>
                Assert.Equal(
                    DrawOutcomeKind.PoolClosed, node.CommitBatchAsync(new DrawRequest("p")).GetAwaiter().GetResult()[0].Kind));
    }

    [Fact]
    public async Task A_batch_on_a_locked_pool_is_unavailable_and_records_nothing()
    {
        await CreateAsync("p", 100);
        await using var holder = new Npgsql.NpgsqlConnection(Database.ConnectionString);
        await holder.OpenAsync(CancellationToken);
        await using (await holder.BeginTransactionAsync(CancellationToken))
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT FROM uniquerandom.pool FOR UPDATE", holder);
            await command.ExecuteNonQueryAsync(CancellationToken);
            var error = await Assert.ThrowsAsync<StoreException>(() => nodes[0].CommitBatchAsync(new DrawRequest("p")));
            Assert.Equal(StoreFault.Unavailable, error.Fault);
        }

        Assert.Equal(0, (await nodes[0].CommitBatchAsync(new DrawRequest("p")))[0].Position);
    }

    [Fact]
    public async Task When_nodes_extend_a_pool_that_all_draw_from_each_number_is_drawn_once()
    {
        await CreateAsync("p", 10_000);
        var extended = 0;
        var drawn = await Task.WhenAll(nodes.Select((node, i) => Task.Run(async () =>
        {
            var numbers = new List<long>();
            for (var batch = 0; numbers.Count < 10_000 && batch < 10_000; batch++)
            {
                // Whoever sees that little is left extends, and of those who do so at the same time one.
                var outcomes = await node.CommitBatchAsync(new("p"), new("p", 37), new("p", 3));
                numbers.AddRange(outcomes.SelectMany(outcome => outcome.Numbers.ToArray()));
                if (outcomes[^1] is not { Remaining: < 1_000, Pool.Range.Maximum: < 40_000 and var maximum })
                    continue;
                var (outcome, _, _) = await node.ExtendAsync(
                    new("p", maximum + 10_000, Key: $"up to {maximum}"), Seeds.Number(i), CancellationToken);
                if (outcome == ExtensionOutcome.Recorded)
                    Interlocked.Increment(ref extended);
                await node.SeedAsync("p", null, CancellationToken);
            }

            return numbers;
        })));
        Assert.Equal(3, extended);
        var all = drawn.SelectMany(numbers => numbers).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal((1, true), (all.Min(), all.Max() is > 30_000 and <= 40_000));
        await using var checking = await OpenAsync(new PoolDefinition("p", new PoolRange(1, 10_000)));
        await checking.VerifyAsync(everything: true, null, CancellationToken);
        var pool = await checking.FindAsync("p", CancellationToken);
        Assert.Equal(all.Count, pool!.Cursor);
        var logged = new long[all.Count];
        await checking.ReadNumbersAsync("p", 0, logged, CancellationToken);
        Assert.Equal(all.Order(), logged.Order());
    }

    [Fact]
    public async Task A_segment_whose_node_died_is_stored_by_another_one()
    {
        await CreateAsync("p", 100);
        await nodes[0].ExtendAsync(new("p", 1_000_000), Seeds.Zero, CancellationToken);
        using var canceled = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var seeding = nodes[0].SeedAsync(
            "p", new SynchronousProgress(count => CancelAt(count)), canceled.Token).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => seeding);
        Assert.InRange((await nodes[1].FindAsync("p", CancellationToken))!.Pending!.Seeded, 300_000, 999_899);
        Assert.Equal(1_000_000, (await nodes[1].SeedAsync("p", null, CancellationToken))!.Definition.Range.Size);
        Assert.Equal(100, (await nodes[2].CommitBatchAsync(new("p", 100), new("p", 100)))[1].Position);
        await nodes[3].VerifyAsync(everything: true, null, CancellationToken);

        void CancelAt(long count)
        {
            if (count > 300_000)
                canceled.Cancel();
        }
    }

    private async Task CreateAsync(string name, int size) =>
        Assert.NotNull(await nodes[0].CreateAndSeedAsync(
            new PoolDefinition(name, new PoolRange(1, size)), Seeds.Counting, null, CancellationToken));

    [Fact]
    public async Task One_node_at_a_time_delivers()
    {
        var leased = Assert.Single(await LeaseAsync(), ledger => ledger is not null);
        Assert.All(await LeaseAsync(), Assert.Null);

        await leased!.DisposeAsync();

        await Assert.Single(await LeaseAsync(), ledger => ledger is not null)!.DisposeAsync();

        Task<IDeliveryLedger?[]> LeaseAsync() =>
            Task.WhenAll(nodes.Select(node => node.TryLeaseAsync(CancellationToken).AsTask()));
    }
}
