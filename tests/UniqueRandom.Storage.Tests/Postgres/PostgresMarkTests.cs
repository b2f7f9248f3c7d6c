using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>
/// Databases that lack what a node has acknowledged: each is refused for all nodes, and each way out repeats no number.
/// </summary>
public sealed class PostgresMarkTests(PostgresServer server) : PostgresMarkTestBase(server)
{
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(5000)]
    public async Task A_database_behind_the_mark_is_refused_for_all_nodes_until_one_resumes(int lost)
    {
        await DrawAsync("a", 10);
        await RestoreAfterAsync(() => DrawAsync("a", lost));

        var reason = $"the pool 'p' is {lost} numbers behind (10 drawn instead of {10 + lost})";
        Assert.Contains(reason, await RefusedAsync("a"));
        Assert.Contains(reason, await RefusedAsync("b"));
        await DrawAsync("a", 20, ResumeAfterRestore.Parse(""));

        var (cursor, log) = await ReadAsync();
        Assert.Equal(30 + lost, cursor);
        Assert.Equal(
            [(0, 10, null), (10, lost, Reference.SkippedAfterRestore), (10 + lost, 20, null)],
            log.Select(row => (row.First, row.Count, row.Reference)));
        await DrawAsync("b", 5);
        // The switch has no effect any more, so that it can stay for a while.
        await DrawAsync("a", 5, ResumeAfterRestore.Parse(""));
        Assert.Equal(40 + lost, (await ReadAsync()).Cursor);
    }

    /// <summary>The second node has drawn more, and its mark says how far.</summary>
    [Fact]
    public async Task A_node_resumes_behind_what_any_node_has_reported()
    {
        await DrawAsync("a", 10);
        await RestoreAfterAsync(async () =>
        {
            await DrawAsync("a", 5);
            await DrawAsync("b", 50);
        });

        Assert.Contains("is 55 numbers behind", await RefusedAsync("b"));
        await DrawAsync("a", 20, ResumeAfterRestore.Parse(""));
        Assert.Equal(85, (await ReadAsync()).Cursor);
        await DrawAsync("b", 1);
    }

    [Fact]
    public async Task A_computed_order_resumes_behind_a_number()
    {
        var pool = new PoolDefinition("p", new PoolRange(1, long.MaxValue), PoolOrder.Computed);
        await using (var store = CreateStore("a"))
        {
            await store.OpenAsync(null, CancellationToken);
            await store.CreateAsync(pool, Seed.Generate(), CancellationToken);
            await DrawAsync(store, 10);
        }

        var last = 0L;
        await RestoreAfterAsync(async () =>
        {
            await using var store = CreateStore("a");
            await store.OpenAsync(null, CancellationToken);
            last = (await DrawAsync(store, 30))[^1];
        });
        Assert.Contains("is 30 numbers behind", await RefusedAsync("a"));

        await using var resumed = CreateStore("new", ResumeAfterRestore.Parse($"p=number:{last}"));
        await resumed.OpenAsync(null, CancellationToken);
        await DrawAsync(resumed, 5);
        Assert.Equal(45, (await ReadAsync()).Cursor);
    }

    /// <summary>After a loss of power the mark of a pool may have a ceiling, and no draw.</summary>
    [Fact]
    public async Task A_pool_without_an_acknowledged_draw_resumes_behind_its_ceiling()
    {
        await DrawAsync("a", 10);
        await RestoreAfterAsync(async () =>
        {
            await DrawAsync("a", 1);
            await DrawAsync("a", 5, pool: "other");
        });
        await Database.ExecuteAsync(
            "DELETE FROM uniquerandom.draw d USING uniquerandom.pool p WHERE p.id = d.pool_id AND p.name = 'other'; "
            + "UPDATE uniquerandom.pool SET cursor = 0 WHERE name = 'other'");
        using (var mark = MarkFile.Open(MarkOf("a"))!)
            mark.WriteExact(mark.Find(mark.Pools.Single(pool => pool.Name == "other"))!.Value, 0);

        Assert.DoesNotContain("other", await RefusedAsync("a"));
        await DrawAsync("a", 1, ResumeAfterRestore.Parse(""));
        Assert.Equal(5, await Database.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool WHERE name = 'other'"));
    }

    [Fact]
    public async Task A_running_node_goes_on_after_another_one_has_resumed()
    {
        await using var running = await OpenMarkedAsync("a");
        await DrawAsync(running, 10);
        await RestoreAfterAsync(() => DrawAsync(running, 30));
        var error = await Assert.ThrowsAsync<StoreException>(() => DrawAsync(running, 1));
        Assert.Contains("lacks what was acknowledged: the pool 'p' is 30 numbers behind", error.Message);
        // The search for the primary has recorded it.
        await Assert.ThrowsAsync<StoreException>(() => DrawAsync(running, 1));

        Assert.Contains("(10 drawn instead of 40)", await RefusedAsync("b"));
        await DrawAsync("b", 7, ResumeAfterRestore.Parse(""));
        await DrawUntilAsync(running);
    }

    [Fact]
    public async Task A_node_that_is_connected_learns_that_another_one_has_found_a_loss()
    {
        await using var running = await OpenMarkedAsync("b");
        await DrawAsync(running, 10);
        await running.CheckAsync(CancellationToken);
        await RestoreAfterAsync(() => DrawAsync("a", 30));
        await RefusedAsync("a");

        await Assert.ThrowsAsync<StoreException>(() => running.CheckAsync(CancellationToken).AsTask());
        var error = await Assert.ThrowsAsync<StoreException>(() => DrawAsync(running, 1));
        Assert.Contains("the pool 'p' is 30 numbers behind", error.Message);
    }

    [Fact]
    public async Task A_new_node_without_a_mark_resumes_behind_what_the_operator_names()
    {
        await DrawAsync("a", 10);
        var last = 0L;
        await RestoreAfterAsync(async () => last = (await DrawAsync("a", 40))[^1]);

        Assert.Contains("'other'", await RefusedAsync("new", ResumeAfterRestore.Parse("p=40,other=1")));
        Assert.Contains("1..20000", await RefusedAsync("new", ResumeAfterRestore.Parse("p=number:0")));
        await DrawAsync("new", 7, ResumeAfterRestore.Parse($"p=number:{last}"));
        Assert.Equal(57, (await ReadAsync()).Cursor);
        await DrawAsync("new", 1, ResumeAfterRestore.Parse("p=100"));
        Assert.Equal(101, (await ReadAsync()).Cursor);
        await DrawAsync("a", 1);
    }

    [Fact]
    public async Task A_pool_that_is_missing_is_accepted_once_for_all_nodes()
    {
        await DrawAsync("a", 10);
        await DrawAsync("a", 3, pool: "later");
        await DrawAsync("b", 3, pool: "later");
        await Database.ExecuteAsync("DELETE FROM uniquerandom.draw d USING uniquerandom.pool p "
            + "WHERE d.pool_id = p.id AND p.name = 'later'; DELETE FROM uniquerandom.pool WHERE name = 'later'");

        Assert.Contains("the pool 'later' is missing", await RefusedAsync("b"));
        await DrawAsync("a", 1, ResumeAfterRestore.Parse(""));
        await DrawAsync("a", 1);
        await DrawAsync("b", 1);
    }

    /// <summary>The draw prepares the mark before it fails.</summary>
    [Fact]
    public async Task A_pool_that_nothing_was_drawn_from_is_not_missed()
    {
        await DrawAsync("a", 1, pool: "first");
        await Database.ExecuteAsync(
            "ALTER TABLE uniquerandom.draw ADD CONSTRAINT \"full\" CHECK (reference IS NOT NULL) NOT VALID");
        await Assert.ThrowsAsync<StoreException>(() => DrawAsync("a", 1, pool: "later"));
        await Database.ExecuteAsync("ALTER TABLE uniquerandom.draw DROP CONSTRAINT \"full\"; "
            + "DELETE FROM uniquerandom.pool WHERE name = 'later'");

        await DrawAsync("a", 1);
        await DrawAsync("b", 1);
    }

    [Fact]
    public async Task Another_database_is_refused_and_stays_as_it_is()
    {
        await DrawAsync("a", 10);
        await Database.ExecuteAsync("UPDATE uniquerandom.version SET identity = gen_random_uuid()");

        Assert.Contains("holds another database than the mark of this node", await RefusedAsync("a"));
        Assert.Contains("holds another database", await RefusedAsync("a", ResumeAfterRestore.Parse("p=50")));
        Assert.Equal(0, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.loss"));
        await Database.ExecuteAsync("DROP SCHEMA uniquerandom CASCADE");
        Assert.Contains("the schema 'uniquerandom' is missing", await RefusedAsync("a"));
        await DrawAsync("b", 1);
    }

    [Fact]
    public async Task A_copy_from_before_the_upgrade_is_refused()
    {
        await DrawAsync("a", 10);
        await Database.ExecuteAsync("UPDATE uniquerandom.version SET identity = "
            + "(SELECT encode(substring(commitment FROM 1 FOR 16), 'hex')::uuid FROM uniquerandom.pool ORDER BY id LIMIT 1)");
        File.Delete(MarkOf("a"));
        await DrawAsync("a", 10);
        await RestoreAfterAsync(() => DrawAsync("a", 30));
        await Database.ExecuteAsync("DROP TABLE uniquerandom.loss; UPDATE uniquerandom.version SET number = 3; ALTER TABLE "
            + "uniquerandom.version DROP identity, DROP transfer, DROP moved_to, DROP moved_at; "
            + "ALTER TABLE uniquerandom.pool DROP is_computed, DROP code, DROP imported, DROP imported_sha256; "
            + "DROP TABLE uniquerandom.segment; ALTER TABLE uniquerandom.delivery DROP size");

        // A schema of that version can't say so to other nodes; this one upgrades it when it resumes.
        await DrawAsync("a", 1, ResumeAfterRestore.Parse(""));
        Assert.Equal(51, (await ReadAsync()).Cursor);
    }

    [Fact]
    public async Task Two_nodes_can_not_share_a_mark()
    {
        await using var first = await OpenMarkedAsync("a");
        Assert.Contains("is in use by another process", await RefusedAsync("a"));
    }

    [Fact]
    public async Task A_number_that_is_answered_again_is_in_the_mark_of_the_node_that_answered_it()
    {
        var request = new DrawRequest("p", 1, Key: "once");
        await DrawAsync("a", 10);
        await RestoreAfterAsync(async () =>
        {
            await using (var first = await OpenMarkedAsync("a"))
                await first.CommitAsync(new[] { request }, new DrawOutcome[1]);
            await using var second = await OpenMarkedAsync("b");
            var outcomes = new DrawOutcome[1];
            await second.CommitAsync(new[] { request }, outcomes);
            Assert.True(outcomes[0].IsReplayed);
        });

        File.Delete(MarkOf("a"));
        Assert.Contains("the pool 'p' is 1 numbers behind", await RefusedAsync("b"));
    }
}
