using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Interrupted and failing imports, and databases from before an import.</summary>
public sealed class SqliteImportTests : IAsyncLifetime
{
    // The import has 49 chunks, which are written 8 at a time.
    private static readonly PoolDefinition Million = new("million", new PoolRange(1, 1_000_000));
    private static readonly PoolDefinition Room = new("room", new PoolRange(1, 1));
    private static readonly long[] Numbers = [.. Enumerable.Range(1, 400_000).Select(number => 2L * number)];

    private readonly TemporaryDirectory directory = new();
    private SqlitePoolStore store;

    public SqliteImportTests() => store = new SqlitePoolStore(directory.Database, TimeProvider.System);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private string Copy => directory.File("copy");

    public async ValueTask InitializeAsync() => await store.OpenAsync(null, CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task An_import_whose_process_has_ended_is_removed_by_the_next_seeding()
    {
        await store.ImportAsync(Million, Numbers);
        await ReopenAsync(path =>
        {
            Interrupt(path);
            // It says that the import was complete.
            File.Delete(directory.Mark);
        });
        Assert.Null(await store.SeedAsync("million", null, CancellationToken));
        Assert.Null(await store.FindAsync("million", CancellationToken));
        Assert.Equal(0L, await ScalarAsync("SELECT COUNT(*) FROM chunk"));
        Assert.True((await store.ImportAsync(Million, Numbers)).IsNew);
        Assert.Equal(400_000, (await store.SeedAsync("million", null, CancellationToken))!.Cursor);
        await store.VerifyAsync(everything: true, null, CancellationToken);
    }

    /// <summary>Otherwise the server would create its pool anew, without the numbers that are in use.</summary>
    [Fact]
    public async Task The_configured_pool_is_not_created_in_the_place_of_an_interrupted_import()
    {
        await store.ImportAsync(Million, Numbers);
        await store.DisposeAsync();
        Interrupt(directory.Database);
        File.Delete(directory.Mark);

        await AssertRefusedAsync();
        // Another import leaves it alone.
        await store.OpenAsync(null, CancellationToken);
        Assert.True((await store.ImportAsync(Million with { Name = "other" }, Numbers)).IsNew);
        await store.DisposeAsync();
        await AssertRefusedAsync();
        await store.OpenAsync(null, CancellationToken);
        Assert.True((await store.ImportAsync(Million, Numbers)).IsNew);

        async Task AssertRefusedAsync()
        {
            store = new SqlitePoolStore(directory.Database, TimeProvider.System);
            var refusal = await Assert.ThrowsAsync<StoreRefusedException>(
                async () => await store.OpenAsync(Million with { Range = new PoolRange(1, 10) }, CancellationToken));
            Assert.Contains("only a part of the numbers that were imported into the pool 'million'; repeat", refusal.Message);
        }
    }

    [Fact]
    public async Task A_check_of_a_file_leaves_out_an_import_whose_process_has_ended()
    {
        await store.CreateAndSeedAsync(Room, Seeds.Zero, null, CancellationToken);
        await store.ImportAsync(Million, Numbers);
        await store.DisposeAsync();
        Assert.Equal(
            ["room", "million"],
            SqliteCheck.Run(directory.Database, null, CancellationToken).Select(pool => pool.Definition.Name));
        Interrupt(directory.Database);
        Assert.Equal("room", Assert.Single(SqliteCheck.Run(directory.Database, null, CancellationToken)).Definition.Name);
    }

    [Theory]
    [InlineData("INSERT ON chunk WHEN NEW.number = 40")]
    [InlineData("UPDATE ON pool WHEN NEW.cursor = 400000")]
    [InlineData("INSERT ON draw WHEN NEW.reference = 'imported'")]
    [InlineData("INSERT ON pool WHEN NEW.name = 'million'")]
    public async Task An_import_that_fills_the_disk_leaves_nothing(string change)
    {
        await ReopenAsync(path => SqliteDatabase.FillDisk(path, change));
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.ImportAsync(Million, Numbers));
        Assert.Equal(StoreFault.Unavailable, failure.Fault);
        Assert.Null(await store.FindAsync("million", CancellationToken));

        await store.CreateAndSeedAsync(Room, Seeds.Zero, null, CancellationToken);
        Assert.True((await store.ImportAsync(Million, Numbers)).IsNew);
        Assert.Equal(400_000, (await store.SeedAsync("million", null, CancellationToken))!.Cursor);
        await ReopenAsync(_ => { });
        Assert.Equal(400_000, (await store.FindAsync("million", CancellationToken))!.Cursor);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task An_import_that_can_not_be_removed_is_removed_by_the_next_one_or_the_next_seeding(bool restarts, bool seeds)
    {
        await ReopenAsync(path =>
        {
            SqliteDatabase.FillDisk(path, "INSERT ON chunk WHEN NEW.number = 40");
            SqliteDatabase.FillDisk(path, "DELETE ON chunk WHEN 1");
        });
        await Assert.ThrowsAsync<StoreException>(() => store.ImportAsync(Million, Numbers));
        Assert.Equal(PoolState.Seeding, (await store.FindAsync("million", CancellationToken))!.State);
        await Assert.ThrowsAsync<StoreException>(() => store.SeedAsync("million", null, CancellationToken).AsTask());
        Assert.Equal(DrawOutcomeKind.PoolSeeding, (await store.CommitBatchAsync(new DrawRequest("million")))[0].Kind);

        await store.CreateAndSeedAsync(Room, Seeds.Zero, null, CancellationToken);
        if (restarts)
            await ReopenAsync(_ => { });
        if (seeds)
        {
            Assert.Null(await store.SeedAsync("million", null, CancellationToken));
            Assert.Null(await store.FindAsync("million", CancellationToken));
        }

        Assert.True((await store.ImportAsync(Million, Numbers)).IsNew);
        Assert.Equal(400_000, (await store.SeedAsync("million", null, CancellationToken))!.Cursor);
    }

    [Fact]
    public async Task Imported_numbers_that_are_not_those_of_the_commitment_are_found()
    {
        await store.ImportAsync(Million, Numbers);
        await ReopenAsync(path => SqliteDatabase.Execute(
            path, "UPDATE chunk SET checksum = (SELECT checksum FROM chunk WHERE number = 1) WHERE number = 0"));
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => store.SeedAsync("million", null, CancellationToken).AsTask());
        Assert.Contains("Chunk 0 of the pool 'million' is damaged", failure.Message);
    }

    /// <summary>A number that was not imported, in a chunk whose checksum agrees.</summary>
    [Fact]
    public async Task An_imported_number_that_was_exchanged_is_found()
    {
        await store.ImportAsync(Million, Numbers);
        var pool = await store.FindAsync("million", CancellationToken);
        var (offsets, checksum) = ExchangedImport.FirstChunkOf(pool!, Numbers);
        await ReopenAsync(path => SqliteDatabase.Execute(
            path, $"UPDATE chunk SET offsets = x'{Convert.ToHexString(offsets)}', checksum = {checksum} WHERE number = 0"));
        var failure = await Assert.ThrowsAsync<StoreException>(
            () => store.SeedAsync("million", null, CancellationToken).AsTask());
        Assert.Contains("The imported numbers of the pool 'million' are not those of its commitment", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_from_before_an_import_or_of_a_part_of_it_lacks_the_pool(bool hasPart)
    {
        await store.CreateAndSeedAsync(Room, Seeds.Zero, null, CancellationToken);
        if (!hasPart)
            await CopyAsync();
        await ImportAndDrawAsync(5);
        if (hasPart)
        {
            await CopyAsync();
            Interrupt(Copy);
        }

        await store.DisposeAsync();
        File.Move(Copy, directory.Database, overwrite: true);
        store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(null, CancellationToken).AsTask());
        Assert.Contains("the pool 'million' is missing", refusal.Message);
        await OpenResumedAsync();
        Assert.Null(await store.SeedAsync("million", null, CancellationToken));
        Assert.Null(await store.FindAsync("million", CancellationToken));
    }

    [Fact]
    public async Task A_copy_of_a_pool_that_was_seeding_its_import_resumes_behind_what_was_drawn()
    {
        await store.ImportAsync(Million, Numbers);
        await CopyAsync();
        await ImportAndDrawAsync(5);
        await store.DisposeAsync();
        File.Move(Copy, directory.Database, overwrite: true);
        await OpenResumedAsync();
        var pool = await store.SeedAsync("million", null, CancellationToken);
        Assert.InRange(pool!.Cursor, 400_005, 400_200);
        Assert.Equal(
            [Reference.Imported, Reference.SkippedAfterRestore],
            (await store.ReadLogAsync("million", 0, 10, CancellationToken)).Select(row => row.Reference));
    }

    private async Task ImportAndDrawAsync(int count)
    {
        await store.ImportAsync(Million, Numbers);
        Assert.NotNull(await store.SeedAsync("million", null, CancellationToken));
        await store.CommitBatchAsync(new DrawRequest("million", count));
    }

    /// <summary>Copies the closed database.</summary>
    private async Task CopyAsync() => await ReopenAsync(path => File.Copy(path, Copy));

    private async Task OpenResumedAsync()
    {
        await store.DisposeAsync();
        store = new SqlitePoolStore(
            directory.Database, TimeProvider.System, new MarkOptions { Resume = ResumeAfterRestore.Parse("") });
        await store.OpenAsync(null, CancellationToken);
    }

    private async Task ReopenAsync(Action<string> change)
    {
        await store.DisposeAsync();
        change(directory.Database);
        store = new SqlitePoolStore(directory.Database, TimeProvider.System);
        await store.OpenAsync(null, CancellationToken);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        object? value = null;
        await ReopenAsync(path => value = SqliteDatabase.Scalar(path, sql));
        return value;
    }

    /// <summary>Makes a database as it is when the process ends before all imported numbers are stored.</summary>
    private static void Interrupt(string path) => SqliteDatabase.Execute(
        path,
        """
        DELETE FROM draw WHERE pool_id = (SELECT id FROM pool WHERE name = 'million');
        DELETE FROM chunk WHERE number >= 40 AND pool_id = (SELECT id FROM pool WHERE name = 'million');
        UPDATE pool SET state = 0, cursor = 0 WHERE name = 'million';
        """);
}
