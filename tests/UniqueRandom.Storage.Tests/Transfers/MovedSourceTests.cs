using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Storage.Tests.Transfers;

/// <summary>A source that has moved its pools hands out nothing, and says where they are.</summary>
public sealed class MovedSourceTests(PostgresServer server) : TransferTestBase(server)
{
    private string Copy => directory.File("copy");

    [Fact]
    public async Task A_file_says_where_its_pools_are()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        await RunAsync(Sqlite, Postgres);
        var before = directory.Contents();

        var reason = await ClosedAsync(() => OpenSqliteAsync());
        Assert.StartsWith($"The database '{directory.Database}' has moved its pools to PostgreSQL ", reason);
        Assert.Contains($", database {Database.Name}, at 20", reason);
        Assert.DoesNotContain("Password", reason);
        Assert.Equal(reason, await ClosedAsync(() => OpenSqliteAsync(resume: ResumeAfterRestore.Parse("open=19000"))));
        Assert.Equal(before, directory.Contents());
    }

    [Fact]
    public async Task A_backup_does_not_replace_it()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        File.Copy(directory.Database, Copy);
        await RunAsync(Sqlite, Postgres);
        var restore = new SqliteRestore(Copy, directory.Database, new MarkOptions(), TimeProvider.System);

        var error = Assert.Throws<StoreRefusedException>(() => restore.Plan(null, CancellationToken));
        Assert.Contains("has moved its pools to PostgreSQL", error.Message);
        Assert.Contains("move it and its mark away first", error.Message);
    }

    [Fact]
    public async Task A_copy_of_the_file_from_before_the_move_hands_out_nothing()
    {
        await using (var store = await OpenSqliteAsync())
            await SampleStore.FillAsync(store);
        File.Copy(directory.Database, Copy);
        await RunAsync(Sqlite, Postgres);
        File.Move(Copy, directory.Database, overwrite: true);

        Assert.Contains("is an old copy, and would hand out numbers again", await ClosedAsync(() => OpenSqliteAsync()));
        Assert.Contains("is an old copy, and would hand out numbers again", await RefusedAsync(Sqlite, Postgres));
        // A pool that is not stored whole can't be closed.
        Assert.Contains(
            "The pool 'seeding' was not stored whole in this copy",
            await ClosedAsync(() => OpenSqliteAsync(resume: ResumeAfterRestore.Parse(""))));
    }

    /// <summary>Its pool may have been extended after the move. Extended again, it would have the same numbers.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    public async Task A_copy_of_the_file_from_before_the_move_is_not_extended(int drawn)
    {
        await using (var store = await OpenSqliteAsync())
        {
            await store.CreateAndSeedAsync(new("p", new(1, 10)), Seed.Generate(), null, CancellationToken);
            await store.DrawNumbersAsync(new("p", drawn));
        }

        File.Copy(directory.Database, Copy);
        await RunAsync(Sqlite, Postgres);
        File.Move(Copy, directory.Database, overwrite: true);

        Assert.Contains("is an old copy, and would hand out numbers again", await ClosedAsync(() => OpenSqliteAsync()));
        await using var resumed = await OpenSqliteAsync(resume: ResumeAfterRestore.Parse(""));
        var pool = await resumed.FindAsync("p", CancellationToken);
        Assert.Equal((PoolState.Closed, 10), (pool!.State, pool.Cursor));
        var extension = await resumed.ExtendAsync(new("p", 20), Seed.Generate(), CancellationToken);
        Assert.Equal(ExtensionOutcome.Closed, extension.Outcome);
    }

    /// <summary>It can't be extended, so it is only exhausted.</summary>
    [Fact]
    public async Task A_copy_with_a_pool_of_the_largest_size_hands_out_nothing()
    {
        await using (var store = await OpenSqliteAsync())
        {
            var definition = new PoolDefinition("p", new(1, long.MaxValue), PoolOrder.Computed);
            await store.CreateAsync(definition, Seed.Generate(), CancellationToken);
            await store.DrawNumbersAsync(new("p", 7));
        }

        File.Copy(directory.Database, Copy);
        await RunAsync(Sqlite, Postgres);
        File.Move(Copy, directory.Database, overwrite: true);

        Assert.Contains("is an old copy, and would hand out numbers again", await ClosedAsync(() => OpenSqliteAsync()));
        await using var resumed = await OpenSqliteAsync(resume: ResumeAfterRestore.Parse(""));
        Assert.Equal(DrawOutcomeKind.Exhausted, (await resumed.CommitBatchAsync(new DrawRequest("p")))[0].Kind);
    }

    [Fact]
    public async Task Nodes_that_run_learn_where_the_pools_are()
    {
        await using var node = CreatePostgres();
        await node.OpenAsync(null, CancellationToken);
        await SampleStore.FillAsync(node);
        await RunAsync(Postgres, Sqlite);

        var moved = $"has moved its pools to {directory.Database}, at 20";
        Assert.Contains(moved, await FailsAsync(() => node.CommitBatchAsync(new DrawRequest("open"))));
        Assert.Contains(moved, await FailsAsync(() => node.CommitBatchAsync(new DrawRequest("open"))));
        Assert.Contains(moved, await FailsAsync(() => node.CheckAsync(CancellationToken).AsTask()));
        Assert.Contains(moved, await ClosedAsync(() => OpenPostgresAsync()));
        Assert.Contains(moved, await ClosedAsync(() => OpenPostgresAsync("new.mark")));
    }

    /// <summary>Each on a node of its own, which has not noticed the move yet.</summary>
    /// <summary>Otherwise the receiver would get the next event twice.</summary>
    [Fact]
    public async Task Nodes_that_run_deliver_no_more()
    {
        await using var node = CreatePostgres();
        await node.OpenAsync(null, CancellationToken);
        await SampleStore.FillAsync(node);
        await using var deliveries = (await node.TryLeaseAsync(CancellationToken))!;
        await deliveries.CheckAsync();

        await RunAsync(Postgres, Sqlite);

        var error = await Assert.ThrowsAsync<StoreException>(() => deliveries.CheckAsync().AsTask());
        Assert.Contains("has moved its pools to another database", error.Message);
    }

    [Fact]
    public async Task Nodes_that_run_change_nothing()
    {
        await using var check = await OpenPostgresAsync();
        await SampleStore.FillAsync(check);
        await using var close = await OpenPostgresAsync();
        await using var create = await OpenPostgresAsync();
        await using var extend = await OpenPostgresAsync();
        await RunAsync(Postgres, Sqlite);

        const string moved = "has moved its pools to";
        Assert.Contains(moved, await FailsAsync(() => check.CheckAsync(CancellationToken).AsTask()));
        Assert.Contains(moved, await FailsAsync(() => close.CloseAsync("open", CancellationToken).AsTask()));
        Assert.Contains(moved, await FailsAsync(
            () => create.CreateAsync(new("late", new(1, 10)), Seed.Generate(), CancellationToken).AsTask()));
        Assert.Contains(moved, await FailsAsync(
            () => extend.ExtendAsync(new("open", 30_000), Seed.Generate(), CancellationToken).AsTask()));
        Assert.Equal(1, await Database.ScalarAsync<short>("SELECT state FROM uniquerandom.pool WHERE name = 'open'"));
        Assert.Equal(7, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.pool"));
    }

    /// <summary>The nodes should be stopped. If they aren't, what they answer is in the copy, or they answer nothing.</summary>
    [Fact]
    public async Task Draws_of_a_node_that_runs_during_the_transfer_are_all_in_the_copy()
    {
        await using var node = await OpenPostgresAsync();
        await SampleStore.FillAsync(node);
        var drawn = new List<long>();
        var drawing = DrawUntilMovedAsync(node, drawn);
        await Eventually.TrueAsync(() => Task.FromResult(drawn.Count > 20), "the node draws");

        await RunUntilLockedAsync();
        Assert.Contains("has moved its pools to", await drawing.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken));

        await using var store = await OpenSqliteAsync();
        var cursor = (await store.FindAsync("open", CancellationToken))!.Cursor;
        var numbers = new long[cursor];
        await store.ReadNumbersAsync("open", 0, numbers, CancellationToken);
        Assert.Subset(numbers.ToHashSet(), drawn.ToHashSet());
        Assert.Equal(cursor, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Of_transfers_at_the_same_time_one_moves_the_pools()
    {
        await using (var store = await OpenPostgresAsync())
            await SampleStore.FillAsync(store);
        string[] targets = [.. Enumerable.Range(0, 4).Select(i => directory.File($"{i}.db"))];

        var outcomes = await Task.WhenAll(targets.Select(target => Task.Run(async () =>
        {
            try
            {
                await RunAsync(Postgres, SqliteEnd(target));
                return true;
            }
            catch (Exception error) when (error is StoreException or StoreRefusedException)
            {
                return false;
            }
        })));

        Assert.Single(outcomes, moved => moved);
        var open = 0;
        foreach (var target in targets.Where(File.Exists))
        {
            try
            {
                await using var store = await OpenSqliteAsync(target);
                open += (await store.ListAsync(null, 1, CancellationToken)).Count;
            }
            catch (StoreRefusedException)
            {
            }
        }

        Assert.Equal(1, open);
    }

    private static async Task<string> FailsAsync(Func<Task> work) =>
        (await Assert.ThrowsAsync<StoreException>(work)).Message;

    /// <summary>Draws until the pools have moved, and returns why it has ended.</summary>
    private static async Task<string> DrawUntilMovedAsync(IPoolStore node, List<long> drawn)
    {
        while (true)
        {
            try
            {
                drawn.Add((await node.CommitBatchAsync(new DrawRequest("open", 1, "live")))[0].Number);
            }
            catch (StoreException error) when (!error.Message.Contains("has moved", StringComparison.Ordinal))
            {
                Assert.Equal(StoreFault.Unavailable, error.Fault);
            }
            catch (StoreException error)
            {
                return error.Message;
            }
        }
    }

    /// <summary>Transfers the pools. The lock may be refused while draws hold it.</summary>
    private Task RunUntilLockedAsync() => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                await RunAsync(Postgres, Sqlite);
                return true;
            }
            catch (StoreException error) when (error.IsTransient)
            {
                return false;
            }
        },
        "the transfer has locked the pools");
}
