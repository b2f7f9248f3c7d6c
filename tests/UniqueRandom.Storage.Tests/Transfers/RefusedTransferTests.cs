using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Transfers;

/// <summary>Ends that can't be used: one clear error each, and nothing is changed.</summary>
public sealed class RefusedTransferTests(PostgresServer server) : TransferTestBase(server)
{
    private string Copy => directory.File("copy");

    [Theory]
    [InlineData("UPDATE chunk SET offsets = zeroblob(length(offsets)) WHERE number = 2", "Chunk 2 of the pool 'open' is damaged")]
    [InlineData("UPDATE pool SET cursor = cursor - 1 WHERE name = 'open'", "its cursor says that")]
    [InlineData("DELETE FROM draw WHERE reference = 'order-1'", "its draw log has a gap or an overlap")]
    [InlineData("UPDATE pool SET seed = zeroblob(32) WHERE name = 'open'", "its commitment does not fit")]
    [InlineData("DROP TABLE delivery", "no such table: delivery")]
    [InlineData("PRAGMA user_version = 99", "has version 99")]
    public async Task A_damaged_file_is_refused(string damage, string reason)
    {
        await FillSqliteAsync();
        SqliteDatabase.Execute(directory.Database, damage);
        var before = directory.Contents();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(Sqlite, Postgres));
        Assert.True(error is StoreRefusedException or StoreException, error.ToString());
        Assert.Contains(reason, error.Message);
        if (!damage.StartsWith("DROP", StringComparison.Ordinal))
            Assert.Equal(before, directory.Contents());
        Assert.Equal(0, await CountPostgresPoolsAsync());
    }

    [Theory]
    [InlineData(
        "UPDATE uniquerandom.chunk SET checksum = checksum + 1 WHERE number = 2", "Chunk 2 of the pool 'open' is damaged")]
    [InlineData("UPDATE uniquerandom.pool SET cursor = cursor - 1 WHERE name = 'open'", "its cursor says that")]
    [InlineData("DELETE FROM uniquerandom.draw WHERE reference = 'order-1'", "its draw log has a gap or an overlap")]
    [InlineData("UPDATE uniquerandom.version SET number = 99", "has version 99")]
    public async Task A_damaged_database_is_refused(string damage, string reason)
    {
        await FillPostgresAsync();
        await Database.ExecuteAsync(damage);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(Postgres, Sqlite));
        Assert.True(error is StoreRefusedException or StoreException, error.ToString());
        Assert.Contains(reason, error.Message);
        Assert.Empty(directory.Contents());
    }

    [Fact]
    public async Task An_incomplete_import_is_refused()
    {
        const string reason = "only a part of the numbers that were imported into the pool 'import'";
        var definition = new PoolDefinition("import", new PoolRange(1, 10));
        await using (var store = await OpenSqliteAsync())
            await store.ImportAsync(definition, new long[] { 1, 7 });
        SqliteDatabase.Execute(directory.Database, "DELETE FROM draw; UPDATE pool SET cursor = 0");
        File.Delete(directory.Mark);
        SqliteDatabase.Execute(directory.Database, "UPDATE session SET has_mark = 0");
        Assert.Contains(reason, await RefusedAsync(Sqlite, Postgres));
        Assert.Equal(0, await CountPostgresPoolsAsync());

        await using (var store = await OpenPostgresAsync())
            await store.ImportAsync(definition, new long[] { 1, 7 });
        await Database.ExecuteAsync("DELETE FROM uniquerandom.draw; UPDATE uniquerandom.pool SET cursor = 0");
        File.Delete(directory.Database);
        Assert.Contains(reason, await RefusedAsync(Postgres, Sqlite));
    }

    [Fact]
    public async Task An_old_copy_of_a_file_is_refused()
    {
        await FillSqliteAsync();
        File.Copy(directory.Database, Copy);
        await using (var store = await OpenSqliteAsync())
            await store.CommitBatchAsync(new DrawRequest("open", 30));
        File.Move(Copy, directory.Database, overwrite: true);
        var before = directory.Contents();

        Assert.Contains("is an old copy, and would hand out numbers again", await RefusedAsync(Sqlite, Postgres));
        Assert.Equal(before, directory.Contents());
    }

    [Fact]
    public async Task A_database_that_is_behind_the_mark_of_a_node_is_refused()
    {
        await using (var store = await OpenPostgresAsync("a.mark"))
            await SampleStore.FillAsync(store);
        await using (var store = await OpenPostgresAsync("b.mark"))
            await store.CommitBatchAsync(new DrawRequest("open", 2, "lost"));
        await Database.ExecuteAsync(
            "DELETE FROM uniquerandom.draw WHERE reference = 'lost'; "
            + "UPDATE uniquerandom.pool SET cursor = cursor - 2 WHERE name = 'open'");
        var (a, b) = (directory.File("a.mark"), directory.File("b.mark"));

        var error = await Assert.ThrowsAsync<StoreException>(() => RunAsync(PostgresEnd(a, b), Sqlite));
        Assert.Contains("the pool 'open' is 2 numbers behind", error.Message);
        // The mark has told the database, which tells everybody.
        error = await Assert.ThrowsAsync<StoreException>(() => RunAsync(PostgresEnd(a), Sqlite));
        Assert.Contains("the pool 'open' is 2 numbers behind", error.Message);
        Assert.Contains("There is no mark", await RefusedAsync(PostgresEnd(directory.File("c.mark")), Sqlite));
        Assert.Equal([a, b], directory.Contents().Keys);
    }

    [Fact]
    public async Task A_target_that_is_not_empty_is_refused()
    {
        await FillSqliteAsync();
        await FillPostgresAsync();
        var before = directory.Contents();

        Assert.Contains("has pools already", await RefusedAsync(Sqlite, Postgres));
        Assert.Contains("has pools already", await RefusedAsync(Postgres, Sqlite));
        Assert.Equal(before, directory.Contents());
        await using var store = await OpenPostgresAsync();
        await store.CommitBatchAsync(new DrawRequest("open"));
    }

    [Fact]
    public async Task A_target_that_is_something_else_is_refused()
    {
        await FillPostgresAsync();
        var before = directory.Contents();
        await File.WriteAllTextAsync(directory.Mark, "an old mark", CancellationToken);
        Assert.Contains($"There is a mark '{directory.Mark}' already", await RefusedAsync(Postgres, Sqlite));
        Assert.Equal([directory.Mark], directory.Contents().Keys.Except(before.Keys));
        await File.WriteAllTextAsync(directory.Database, "not a database, but some text of the operator", CancellationToken);
        Assert.Contains("is not a SQLite database", await RefusedAsync(Postgres, Sqlite));
        SqliteDatabase.Execute(Copy, "CREATE TABLE note (text TEXT)");
        Assert.Contains("belongs to another program", await RefusedAsync(Postgres, SqliteEnd(Copy)));
        Assert.Contains("does not exist", await RefusedAsync(Postgres, SqliteEnd(directory.File("missing/numbers.db"))));

        await using var store = await OpenPostgresAsync();
        await store.CommitBatchAsync(new DrawRequest("open"));
    }

    [Fact]
    public async Task A_target_with_the_unfinished_transfer_of_another_source_is_refused()
    {
        await FillSqliteAsync();
        await Assert.ThrowsAsync<InterruptedEnd.InterruptedException>(
            () => RunAsync(Sqlite, new InterruptedEnd(Postgres, "read")));
        File.Delete(directory.Database);
        File.Delete(directory.Mark);
        await FillSqliteAsync();

        Assert.Contains("has an unfinished transfer from another database", await RefusedAsync(Sqlite, Postgres));
    }

    [Fact]
    public async Task A_source_without_pools_is_refused()
    {
        Assert.Contains("There is no database", await RefusedAsync(Sqlite, Postgres));
        Assert.Contains("has no pools", await RefusedAsync(Postgres, Sqlite));
        Assert.Empty(directory.Contents());
        await using (await OpenSqliteAsync())
        {
            Assert.Contains("is in use by another process", await RefusedAsync(Sqlite, Postgres));
        }

        Assert.Contains("has no pools", await RefusedAsync(Sqlite, Postgres));
    }

    private async Task FillSqliteAsync()
    {
        await using var store = await OpenSqliteAsync();
        await SampleStore.FillAsync(store);
    }

    private async Task FillPostgresAsync()
    {
        await using var store = await OpenPostgresAsync();
        await SampleStore.FillAsync(store);
    }

    private async Task<long> CountPostgresPoolsAsync() =>
        await Database.ScalarAsync<bool>("SELECT to_regclass('uniquerandom.pool') IS NOT NULL")
            ? await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.pool")
            : 0;
}
