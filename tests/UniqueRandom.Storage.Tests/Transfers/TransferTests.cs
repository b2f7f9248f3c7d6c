using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Transfers;

/// <summary>Everything is in the target: pools, draws, keys, callers, references, deliveries, and the order.</summary>
public sealed class TransferTests(PostgresServer server) : TransferTestBase(server)
{
    private string Back => directory.File("back.db");

    [Fact]
    public async Task From_SQLite_to_PostgreSQL_and_back_everything_stays_the_same()
    {
        var before = await FillAsync(await OpenSqliteAsync());

        var summary = await RunAsync(Sqlite, Postgres);
        Assert.Equal((7, SampleStore.Numbers, SampleStore.Keys), (summary.Pools, (int)summary.Numbers, (int)summary.Keys));
        await using (var postgres = await OpenPostgresAsync())
        {
            Assert.Equal(before, await SampleStore.ReadAsync(postgres));
            await SampleStore.AssertReplaysAsync(postgres);
            // Its id must not be one that was copied.
            await postgres.CreateAndSeedAsync(new("later", new(1, 10)), Seed.Generate(), null, CancellationToken);
            await postgres.CommitBatchAsync(new DrawRequest("later", 3, "late", "late-key"));
            before = await SampleStore.ReadAsync(postgres);
        }

        Assert.Equal(8, (await RunAsync(Postgres, SqliteEnd(Back))).Pools);
        await AssertSameAsync(before, await OpenSqliteAsync(Back));
    }

    [Fact]
    public async Task From_PostgreSQL_to_SQLite_everything_stays_the_same()
    {
        var before = await FillAsync(await OpenPostgresAsync());

        await RunAsync(Postgres, Sqlite);
        await AssertSameAsync(before, await OpenSqliteAsync());
    }

    [Fact]
    public async Task From_SQLite_to_PostgreSQL_what_is_left_is_drawn_in_the_same_order()
    {
        var before = await FillAsync(await OpenSqliteAsync());

        await RunAsync(Sqlite, Postgres);
        await AssertSameAsync(before, await OpenPostgresAsync());
    }

    /// <summary>More than what is written at once, of chunks and of rows.</summary>
    [Fact]
    public async Task A_large_pool_goes_there_and_back()
    {
        const int rows = 41_000;
        List<string> before;
        await using (var store = await OpenSqliteAsync())
        {
            await store.CreateAndSeedAsync(new("large", new(1, 1_200_000)), Seed.Generate(), null, CancellationToken);
            foreach (var some in Enumerable.Range(0, rows).Chunk(1_000))
            {
                await store.CommitBatchAsync(
                    [.. some.Select(i => new DrawRequest("large", 1, $"order-{i}", $"key-{i}", "shop"))]);
            }

            before = await SampleStore.ReadAsync(store);
        }

        Assert.Equal((rows, rows), ToPair(await RunAsync(Sqlite, Postgres)));
        Assert.Equal((rows, rows), ToPair(await RunAsync(Postgres, SqliteEnd(Back))));
        await using (var store = await OpenSqliteAsync(Back))
            Assert.Equal(before, await SampleStore.ReadAsync(store));

        static (long, long) ToPair(Storage.Transfers.TransferSummary summary) => (summary.Numbers, summary.Keys);
    }

    /// <summary>Those of a pool that is seeding exist nowhere else.</summary>
    [Fact]
    public async Task Imported_numbers_go_there_and_back()
    {
        long[] imported = [.. Enumerable.Range(1, 9_000).Select(number => 3L * number)];
        PoolDefinition open = new("imported", new(1, 30_000)), seeding = new("seeding", new(-100, 29_899));
        List<string> before;
        await using (var store = await OpenSqliteAsync())
        {
            await store.ImportAsync(open, imported, "ann");
            await store.SeedAsync("imported", null, CancellationToken);
            await store.CommitBatchAsync(new DrawRequest("imported", 500));
            await store.ImportAsync(seeding, imported);
            before = await SampleStore.ReadAsync(store);
        }

        await RunAsync(Sqlite, Postgres);
        await RunAsync(Postgres, SqliteEnd(Back));
        await using (var store = await OpenSqliteAsync(Back))
        {
            Assert.Equal(before, await SampleStore.ReadAsync(store));
            Assert.Equal(9_000, (await store.SeedAsync("seeding", null, CancellationToken))!.Cursor);
            await store.VerifyAsync(everything: true, null, CancellationToken);
        }
    }

    [Fact]
    public async Task Files_are_readable_by_their_owner_only()
    {
        await FillAsync(await OpenPostgresAsync());
        await RunAsync(Postgres, Sqlite);

        Assert.Equal([directory.Database, directory.Mark], directory.Contents().Keys);
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in directory.Contents().Keys)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    /// <summary>The identity goes along, so the marks of the nodes fit when the pools come back.</summary>
    [Fact]
    public async Task A_new_mark_protects_the_target_and_old_marks_of_nodes_are_accepted()
    {
        await FillAsync(await OpenPostgresAsync("node.mark"));
        await RunAsync(PostgresEnd(directory.File("node.mark")), Sqlite);
        await using (var store = await OpenSqliteAsync())
            await store.CommitBatchAsync(new DrawRequest("open", 7));
        File.Move(directory.Mark, directory.File("hidden"));
        Assert.Contains("is missing. Nobody knows", await ClosedAsync(() => OpenSqliteAsync()));
        File.Move(directory.File("hidden"), directory.Mark);

        await Database.ExecuteAsync("DROP SCHEMA uniquerandom CASCADE");
        await RunAsync(Sqlite, Postgres);
        await using var node = await OpenPostgresAsync("node.mark");
        await node.CommitBatchAsync(new DrawRequest("open"));
    }

    private static async Task<List<string>> FillAsync(IPoolStore store)
    {
        await using (store)
        {
            await SampleStore.FillAsync(store);
            return await SampleStore.ReadAsync(store);
        }
    }

    private static async Task AssertSameAsync(List<string> before, IPoolStore store)
    {
        await using (store)
        {
            Assert.Equal(before, await SampleStore.ReadAsync(store));
            await SampleStore.AssertReplaysAsync(store);
            await SampleStore.AssertContinuesAsync(store);
        }
    }
}
