using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Time;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>Imports of several nodes, and interrupted ones.</summary>
public sealed class PostgresImportTests(PostgresServer server) : PostgresMarkTestBase(server)
{
    private const string Interrupt = """
        DELETE FROM uniquerandom.draw; DELETE FROM uniquerandom.chunk WHERE number >= 40;
        UPDATE uniquerandom.pool SET state = 0, cursor = 0
        """;

    private static readonly PoolDefinition Million = new("million", new PoolRange(1, 1_000_000));
    private static readonly long[] Numbers = [.. Enumerable.Range(1, 400_000).Select(number => 2L * number)];

    [Fact]
    public async Task Of_nodes_that_import_at_the_same_time_one_records_the_pool()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
        var imports = await Task.WhenAll(nodes.Select(node => Task.Run(() => ImportAsync(node))));
        Assert.Single(imports, import => import is { IsNew: true });
        // The others wait for nobody, so each has found the whole pool or was told to try again.
        Assert.All(nodes, node => Assert.False(ImportAsync(node).GetAwaiter().GetResult()!.Value.IsNew));
        Assert.Equal(49, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));
        Assert.Equal(400_000, (await nodes[1].SeedAsync("million", null, CancellationToken))!.Cursor);
        await nodes[2].VerifyAsync(everything: true, null, CancellationToken);

        static async Task<PoolCreation?> ImportAsync(IPoolStore node)
        {
            try
            {
                return await node.ImportAsync(Million, Numbers);
            }
            catch (StoreException error) when (error.IsTransient)
            {
                Assert.Contains("Another node imports the pool 'million'", error.Message);
                return null;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_whose_node_has_ended_is_removed_by_whoever_seeds_or_imports_it(bool imports)
    {
        var node = await OpenAsync();
        await node.ImportAsync(Million, Numbers);
        await Database.ExecuteAsync(Interrupt);
        var other = await OpenAsync();
        Assert.Equal(PoolState.Seeding, (await other.FindAsync("million", CancellationToken))!.State);
        if (!imports)
        {
            Assert.Null(await other.SeedAsync("million", null, CancellationToken));
            Assert.Null(await other.FindAsync("million", CancellationToken));
            Assert.Equal(0, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));
        }

        Assert.True((await other.ImportAsync(Million, Numbers)).IsNew);
        Assert.Equal(400_000, (await node.SeedAsync("million", null, CancellationToken))!.Cursor);
        await other.VerifyAsync(everything: true, null, CancellationToken);
    }

    [Fact]
    public async Task No_node_removes_a_pool_that_another_one_imports()
    {
        var node = await OpenAsync();
        await node.ImportAsync(Million, Numbers);
        await Database.ExecuteAsync(Interrupt);
        await using (var connection = new NpgsqlConnection($"{Database.ConnectionString};Pooling=false"))
        {
            await LockAsync(connection);
            Assert.Null(await node.SeedAsync("million", null, CancellationToken));
            var failure = await Assert.ThrowsAsync<StoreException>(() => node.ImportAsync(Million, Numbers));
            Assert.Equal((StoreFault.Unavailable, true), (failure.Fault, failure.IsTransient));
        }

        await Eventually.TrueAsync(
            async () => await Database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0,
            "the lock is released");
        Assert.True((await node.ImportAsync(Million, Numbers)).IsNew);
    }

    /// <summary>A number that was not imported, in a chunk whose checksum agrees.</summary>
    [Fact]
    public async Task An_imported_number_that_was_exchanged_is_found()
    {
        var node = await OpenAsync();
        var (pool, _) = await node.ImportAsync(Million, Numbers);
        var (offsets, checksum) = ExchangedImport.FirstChunkOf(pool, Numbers);
        await Database.ExecuteAsync($"""
            UPDATE uniquerandom.chunk SET offsets = '\x{Convert.ToHexString(offsets)}', checksum = {checksum}
            WHERE number = 0
            """);
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => node.SeedAsync("million", null, CancellationToken).AsTask());
        Assert.Contains("The imported numbers of the pool 'million' are not those of its commitment", failure.Message);
    }

    [Fact]
    public async Task A_node_that_resumes_gives_up_a_pool_of_which_only_a_part_was_imported()
    {
        await ImportAndDrawAsync();
        await Database.ExecuteAsync(Interrupt);
        Assert.Contains("the pool 'million' is 400005 numbers behind", await RefusedAsync("a"));
        await using var resumed = CreateStore("a", ResumeAfterRestore.Parse(""));
        await resumed.OpenAsync(null, CancellationToken);
        Assert.Null(await resumed.FindAsync("million", CancellationToken));
        Assert.True((await resumed.ImportAsync(Million, Numbers)).IsNew);
    }

    /// <summary>The switch can stay in the configuration, so a node may resume whenever it starts.</summary>
    [Fact]
    public async Task A_node_that_resumes_leaves_an_import_of_another_node_alone()
    {
        var node = await OpenAsync();
        await node.ImportAsync(Million, Numbers);
        await Database.ExecuteAsync(Interrupt);
        await using var importing = new NpgsqlConnection($"{Database.ConnectionString};Pooling=false");
        await LockAsync(importing);
        await using (var resumed = CreateStore("a", ResumeAfterRestore.Parse("")))
            await resumed.OpenAsync(null, CancellationToken);
        Assert.Equal(40, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.chunk"));
        Assert.NotNull(await node.FindAsync("million", CancellationToken));
    }

    [Fact]
    public async Task The_configured_pool_is_not_created_in_the_place_of_an_interrupted_import()
    {
        var node = await OpenAsync();
        await node.ImportAsync(Million, Numbers);
        await Database.ExecuteAsync(Interrupt);
        await using var other = CreateStore("b");
        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(
            () => other.OpenAsync(Million with { Range = new PoolRange(1, 10) }, CancellationToken).AsTask());
        Assert.Contains("only a part of the numbers that were imported into the pool 'million'; repeat", refusal.Message);
    }

    [Fact]
    public async Task An_import_is_not_completed_in_a_database_that_has_lost_what_others_acknowledged()
    {
        var node = await OpenAsync();
        await node.CreateAsync(new PoolDefinition("p", new PoolRange(1, 10)), Seeds.Zero, CancellationToken);
        await Database.ExecuteAsync("""
            CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO uniquerandom.loss (name, commitment, cursor, ceiling, is_accepted)
                SELECT name, commitment, 1, 1, false FROM uniquerandom.pool WHERE name = 'p' ON CONFLICT DO NOTHING;
                RETURN NEW;
            END $$;
            CREATE TRIGGER lose BEFORE INSERT ON uniquerandom.chunk FOR EACH ROW EXECUTE FUNCTION lose();
            """);
        var failure = await Assert.ThrowsAsync<StoreException>(() => node.ImportAsync(Million, Numbers));
        Assert.Equal(StoreFault.Unavailable, failure.Fault);
        Assert.Contains("lacks what another node has acknowledged", failure.Message);
        Assert.Equal(0, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.draw"));
    }

    [Fact]
    public async Task A_node_that_resumes_keeps_a_pool_whose_import_another_node_completes_meanwhile()
    {
        await ImportAndDrawAsync();
        await Database.ExecuteAsync("""
            DELETE FROM uniquerandom.draw; DELETE FROM uniquerandom.chunk WHERE number >= 49;
            UPDATE uniquerandom.pool SET state = 0, cursor = 0
            """);
        await using var resumed = CreateStore("a", ResumeAfterRestore.Parse(""));
        await using (var connection = new NpgsqlConnection($"{Database.ConnectionString};Pooling=false"))
        {
            await connection.OpenAsync(CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken);
            await using var complete = new NpgsqlCommand(
                """
                UPDATE uniquerandom.pool SET cursor = imported;
                INSERT INTO uniquerandom.draw (pool_id, first, count, drawn_at, reference, caller)
                SELECT id, 0, imported, now(), 'imported', '' FROM uniquerandom.pool
                """,
                connection);
            await complete.ExecuteNonQueryAsync(CancellationToken);
            var resuming = Task.Run(() => resumed.OpenAsync(null, CancellationToken).AsTask(), CancellationToken);
            await Eventually.TrueAsync(
                async () => await Database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0,
                "the resume waits for the import");
            await transaction.CommitAsync(CancellationToken);
            await resuming;
        }

        Assert.InRange((await resumed.SeedAsync("million", null, CancellationToken))!.Cursor, 400_005, 401_000);
        await resumed.VerifyAsync(everything: true, null, CancellationToken);
    }

    /// <summary>Imports the pool with a node a, and draws 5 numbers from it.</summary>
    private async Task ImportAndDrawAsync()
    {
        await using (var node = CreateStore("a"))
        {
            await node.OpenAsync(null, CancellationToken);
            await node.ImportAsync(Million, Numbers);
            Assert.NotNull(await node.SeedAsync("million", null, CancellationToken));
            await node.DrawNumbersAsync(new DrawRequest("million", 5));
        }
    }

    /// <summary>Locks the pool as the node does that imports it.</summary>
    private static async Task LockAsync(NpgsqlConnection connection)
    {
        await connection.OpenAsync(CancellationToken);
        await using var lockPool = new NpgsqlCommand(
            $"SELECT pg_advisory_lock({PostgresSchema.LockClass}, id) FROM uniquerandom.pool", connection);
        await lockPool.ExecuteNonQueryAsync(CancellationToken);
    }
}
