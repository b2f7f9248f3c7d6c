using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Marks;

/// <summary>
/// Copies of a database from before a pool was extended. The segment can't be added again: it would have another order, and
/// numbers that were handed out.
/// </summary>
public sealed class RestoredExtensionTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private string Copy => directory.File("copy");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pool_that_lacks_an_extension_that_was_drawn_from_is_closed(bool isRecorded)
    {
        await UseAsync(async store =>
        {
            await store.CreateAndSeedAsync(new("p", new PoolRange(1, 100)), Seed.Generate(), null, CancellationToken);
            await store.DrawNumbersAsync(new("p", 90));
            if (isRecorded)
                await ExtendAsync(store, 200, seeds: false);
        });
        File.Copy(directory.Database, Copy);
        await UseAsync(async store =>
        {
            if (!isRecorded)
                await ExtendAsync(store, 200, seeds: false);
            Assert.NotNull(await store.SeedAsync("p", null, CancellationToken));
            await store.DrawNumbersAsync(new("p", 11));
        });
        File.Copy(Copy, directory.File("older"));
        File.Move(Copy, directory.Database, overwrite: true);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => UseAsync(_ => Task.CompletedTask));
        Assert.Contains("the pool 'p' is 11 numbers behind (90 of 101)", refusal.Message);
        await UseAsync(AssertClosedAsync, ResumeAfterRestore.Parse(""));
        await UseAsync(AssertClosedAsync);
        // The same copy again, after the mark was written anew.
        File.Copy(directory.File("older"), directory.Database, overwrite: true);
        await Assert.ThrowsAsync<StoreRefusedException>(() => UseAsync(_ => Task.CompletedTask));
        await UseAsync(AssertClosedAsync, ResumeAfterRestore.Parse(""));
        Assert.Equal(
            new CheckedPool(new("p", new PoolRange(1, 100)), PoolState.Closed, 100),
            Assert.Single(SqliteCheck.Run(directory.Database, null, CancellationToken)));
    }

    [Fact]
    public async Task A_backup_from_before_an_extension_closes_the_pool()
    {
        StoredBackup? backup = null;
        await UseAsync(async store =>
        {
            await store.CreateAndSeedAsync(new("p", new PoolRange(1, 100)), Seed.Generate(), null, CancellationToken);
            await store.DrawNumbersAsync(new("p", 60));
            backup = await ((IBackupStore)store).BackUpAsync(directory.Path, CancellationToken);
            await ExtendAsync(store, 200, seeds: true);
            await store.DrawNumbersAsync(new("p", 50));
        });
        var restore = new SqliteRestore(backup!.File, directory.Database, new MarkOptions(), TimeProvider.System);
        var planned = Assert.Single(restore.Plan(null, CancellationToken));
        Assert.Equal((60, 40, true), (planned.Drawn, planned.GivenUp, planned.LacksExtension));
        await restore.RunAsync(CancellationToken);
        await UseAsync(async store => Assert.Equal(
            (PoolState.Closed, 100),
            await store.FindAsync("p", CancellationToken) is { } pool ? (pool.State, pool.Cursor) : default));
    }

    /// <summary>The mark is lost, and the operator says what was drawn.</summary>
    [Theory]
    [InlineData(90, "p=101")]
    [InlineData(90, "p=number:150")]
    [InlineData(100, "p=111")]
    [InlineData(100, "p=number:200")]
    public async Task A_pool_whose_extension_the_operator_names_is_closed(int drawn, string resume)
    {
        StoredBackup? backup = null;
        await UseAsync(async store =>
        {
            await store.CreateAndSeedAsync(new("p", new PoolRange(1, 100)), Seed.Generate(), null, CancellationToken);
            await store.DrawNumbersAsync(new("p", drawn));
            backup = await ((IBackupStore)store).BackUpAsync(directory.Path, CancellationToken);
            await ExtendAsync(store, 200, seeds: true);
            await store.DrawNumbersAsync(new("p", 11));
        });
        File.Delete(directory.Mark);
        File.Move(backup!.File, directory.Database, overwrite: true);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(
            () => UseAsync(_ => Task.CompletedTask, ResumeAfterRestore.Parse("")));
        Assert.Contains(
            "A COUNT above 100, or a NUMBER above 100, says that the pool was extended since, and closes it.", refusal.Message);
        await UseAsync(AssertClosedAsync, ResumeAfterRestore.Parse(resume));
        await UseAsync(AssertClosedAsync);
    }

    [Fact]
    public async Task A_range_that_can_not_be_extended_as_far_as_the_operator_says_is_refused()
    {
        StoredBackup? backup = null;
        await UseAsync(async store =>
        {
            var definition = new PoolDefinition("p", new(-10, long.MaxValue - 11), PoolOrder.Computed);
            await store.CreateAsync(definition, Seed.Generate(), CancellationToken);
            await store.DrawNumbersAsync(new("p", 9));
            backup = await ((IBackupStore)store).BackUpAsync(directory.Path, CancellationToken);
        });
        File.Delete(directory.Mark);
        File.Move(backup!.File, directory.Database, overwrite: true);

        var resume = ResumeAfterRestore.Parse($"p=number:{long.MaxValue - 10}");
        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => UseAsync(_ => Task.CompletedTask, resume));
        Assert.Contains($"the pool has the range -10..{long.MaxValue - 11} in this copy", refusal.Message);
    }

    [Fact]
    public async Task A_pool_whose_extension_was_not_drawn_from_stays_open()
    {
        await UseAsync(async store =>
        {
            await store.CreateAndSeedAsync(new("p", new PoolRange(1, 100_000)), Seed.Generate(), null, CancellationToken);
            await store.DrawNumbersAsync(new("p", 90));
        });
        File.Copy(directory.Database, Copy);
        await UseAsync(async store =>
        {
            await ExtendAsync(store, 200_000, seeds: true);
            await store.DrawNumbersAsync(new("p", 11));
        });
        File.Move(Copy, directory.Database, overwrite: true);

        await UseAsync(
            async store =>
            {
                Assert.Equal(PoolState.Open, (await store.FindAsync("p", CancellationToken))!.State);
                await ExtendAsync(store, 200_000, seeds: true);
            },
            ResumeAfterRestore.Parse(""));
        await UseAsync(async store => Assert.Equal(101, (await store.CommitBatchAsync(new DrawRequest("p")))[0].Position));
    }

    [Fact]
    public async Task A_pool_that_was_not_stored_whole_and_has_drawn_from_an_extension_is_refused()
    {
        await UseAsync(async store => await store.CreateAsync(new("p", new(1, 100)), Seed.Generate(), CancellationToken));
        File.Copy(directory.Database, Copy);
        await UseAsync(async store =>
        {
            await store.SeedAsync("p", null, CancellationToken);
            await ExtendAsync(store, 200, seeds: true);
            await store.DrawNumbersAsync(new("p", 101));
        });
        File.Move(Copy, directory.Database, overwrite: true);
        var before = directory.Contents();
        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() =>
            UseAsync(_ => Task.CompletedTask, ResumeAfterRestore.Parse("")));
        Assert.Contains("restore a newer backup", refusal.Message);
        Assert.Equal(before, directory.Contents());
    }

    private static async Task AssertClosedAsync(IPoolStore store)
    {
        await store.SeedAsync("p", null, CancellationToken);
        var pool = await store.FindAsync("p", CancellationToken);
        Assert.Equal((PoolState.Closed, 100, 100), (pool!.State, pool.Cursor, pool.Definition.Range.Maximum));
        Assert.Empty(pool.Extensions);
        var again = await store.ExtendAsync(new("p", 200), Seed.Generate(), CancellationToken);
        Assert.Equal(ExtensionOutcome.Closed, again.Outcome);
    }

    private static async Task ExtendAsync(IPoolStore store, long maximum, bool seeds)
    {
        var (outcome, _, _) = await store.ExtendAsync(new("p", maximum), Seed.Generate(), CancellationToken);
        Assert.Equal(ExtensionOutcome.Recorded, outcome);
        if (seeds)
            Assert.NotNull(await store.SeedAsync("p", null, CancellationToken));
    }

    private async Task UseAsync(Func<IPoolStore, Task> work, ResumeAfterRestore? resume = null)
    {
        await using var store = new SqlitePoolStore(
            directory.Database, TimeProvider.System, new MarkOptions { Resume = resume });
        await store.OpenAsync(null, CancellationToken);
        await work(store);
    }
}
