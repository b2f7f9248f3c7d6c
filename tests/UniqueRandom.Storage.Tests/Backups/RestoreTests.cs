using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Backups;

/// <summary>Restores of backups: no number is drawn again.</summary>
public sealed class RestoreTests : BackupTestBase
{
    [Fact]
    public async Task The_numbers_that_were_drawn_since_are_given_up_and_the_old_database_is_kept()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        await DrawAsync(30);
        var restore = Restore(backup.File);

        var pool = Assert.Single(restore.Plan(null, CancellationToken));
        Assert.Equal((10, 30), (pool.Drawn, pool.GivenUp));
        Assert.Equal(40, Check(Database).Drawn);
        await restore.RunAsync(CancellationToken);

        Assert.Equal(40, Check(restore.Replaced!).Drawn);
        await DrawAsync(5);
        Assert.Equal(45, Check(Database).Drawn);
        Assert.Equal(10, Check(backup.File).Drawn);
    }

    /// <summary>After the loss of power the mark on disk knows the ceiling only.</summary>
    [Fact]
    public async Task A_loss_of_power_after_the_backup_gives_up_what_the_ceiling_covers()
    {
        await DrawAsync(500);
        await using (var store = await OpenAsync())
        {
            await DrawAsync(store, 100);
            File.Copy(Mark, PathOf("synced.mark"));
        }

        var backup = await BackUpAsync();
        await DrawAsync(3);
        File.Copy(PathOf("synced.mark"), Mark, overwrite: true);

        var restore = Restore(backup.File);
        Assert.InRange(Assert.Single(restore.Plan(null, CancellationToken)).GivenUp, 3, Size);
        await restore.RunAsync(CancellationToken);
        await DrawAsync(10);
    }

    [Fact]
    public async Task A_pool_that_was_being_seeded_is_moved_on_as_well()
    {
        var definition = new PoolDefinition("big", new PoolRange(1, Size));
        StoredBackup backup;
        var drawn = new HashSet<long>();
        await using (var store = await OpenAsync())
        {
            await store.CreateAsync(definition, Seed.Generate(), CancellationToken);
            backup = await store.BackUpAsync(Backups, CancellationToken);
            await store.SeedAsync("big", null, CancellationToken);
            Add(await store.CommitBatchAsync(new DrawRequest("big", 5)));
        }

        var restore = Restore(backup.File);
        Assert.Equal(5, restore.Plan(null, CancellationToken).Single(pool => pool.Definition == definition).GivenUp);
        await restore.RunAsync(CancellationToken);
        await using var restored = await OpenAsync();

        var seeding = (await restored.FindAsync("big", CancellationToken))!;
        Assert.Equal((PoolState.Seeding, 0), (seeding.State, seeding.Cursor));
        Assert.Empty(await restored.ReadLogAsync("big", 0, 10, CancellationToken));
        Assert.Null(await restored.FindPositionAsync("big", drawn.First(), CancellationToken));

        Assert.Equal(5, (await restored.SeedAsync("big", null, CancellationToken))!.Cursor);
        Add(await restored.CommitBatchAsync(new DrawRequest("big", 5)));

        void Add(DrawOutcome[] outcomes) =>
            Assert.All(outcomes[0].Numbers.ToArray(), number => Assert.True(drawn.Add(number), $"{number} was drawn before."));
    }

    [Fact]
    public async Task A_pool_that_was_created_after_the_backup_is_named()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        await using (var store = await OpenAsync())
        {
            var late = new PoolDefinition("late", new PoolRange(1, 100));
            await store.CreateAndSeedAsync(late, Seed.Generate(), null, CancellationToken);
            await store.CommitBatchAsync(new DrawRequest("late"));
        }

        var restore = Restore(backup.File);
        restore.Plan(null, CancellationToken);
        Assert.Equal(["late"], restore.Missing);
    }

    /// <summary>As a check leaves it that is killed.</summary>
    [Fact]
    public async Task An_empty_log_beside_a_backup_is_no_log_and_goes()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        File.Create($"{backup.File}-wal").Dispose();

        Assert.Equal(0, Assert.Single(Restore(backup.File).Plan(null, CancellationToken)).GivenUp);
        Assert.False(File.Exists($"{backup.File}-wal"));
    }

    /// <summary>Such a copy does not say that it is a backup.</summary>
    [Fact]
    public async Task Without_a_mark_a_copy_asks_how_many_were_drawn()
    {
        await DrawAsync(1);
        File.Copy(Database, PathOf("copy.db"));
        await DrawAsync(3);
        File.Delete(Database);
        File.Delete(Mark);

        var error = Assert.Throws<StoreRefusedException>(() => Restore(PathOf("copy.db")).Plan(null, CancellationToken));
        Assert.Contains("p=COUNT", error.Message);
        var restore = Restore(PathOf("copy.db"), "p=4");
        Assert.Equal(3, Assert.Single(restore.Plan(null, CancellationToken)).GivenUp);
        await restore.RunAsync(CancellationToken);
        await DrawAsync(5);
    }

    [Fact]
    public async Task A_restore_that_is_interrupted_between_its_steps_lets_no_server_begin_anew()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        await DrawAsync(30);
        File.Copy(backup.File, SqliteRestore.CopyOf(Database));
        File.Move(Database, PathOf("away.db"));
        File.Delete(Mark);
        Assert.Contains("a restore of it was interrupted", await RefusedAsync());

        var restore = Restore(backup.File, "p=40");
        restore.Plan(null, CancellationToken);
        await restore.RunAsync(CancellationToken);
        Assert.False(File.Exists(SqliteRestore.CopyOf(Database)));
        await DrawAsync(5);
    }

    [Fact]
    public async Task A_database_in_use_a_damaged_backup_and_the_database_itself_are_refused()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        await using (await OpenAsync())
            Assert.Contains("is in use", Refused(Restore(backup.File)));
        Assert.Contains("the database itself", Refused(Restore(Database)));
        Assert.Contains("There is no file", Refused(Restore(PathOf("missing"))));
        using (var file = new FileStream(backup.File, FileMode.Open))
        {
            file.Position = file.Length / 2;
            file.Write(new byte[100]);
        }

        Assert.NotEmpty(Refused(Restore(backup.File)));
        await DrawAsync(5);
    }

    [Fact]
    public async Task A_disk_without_room_is_refused_before_anything_is_written()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        await using var small = await SmallFileSystem.MountAsync(mebibytes: 1);
        var target = Path.GetDirectoryName(small.Database)!;
        await File.WriteAllBytesAsync(Path.Combine(target, "other"), new byte[600_000], CancellationToken);

        var restore = new SqliteRestore(backup.File, small.Database, new MarkOptions(), TimeProvider.System);
        var error = Assert.Throws<InsufficientDiskException>(() => restore.Plan(null, CancellationToken));
        Assert.Contains("make room", error.Message);
        Assert.DoesNotContain(Directory.EnumerateFiles(target), file => file.Contains(".restoring", StringComparison.Ordinal));
        Assert.False(File.Exists(small.Database));
    }

    private static string Refused(SqliteRestore restore) =>
        Assert.Throws<StoreRefusedException>(() => restore.Plan(null, CancellationToken)).Message;

    private SqliteRestore Restore(string backup, string? resume = null) => new(
        backup,
        Database,
        new MarkOptions { Resume = resume is null ? null : ResumeAfterRestore.Parse(resume) },
        TimeProvider.System);
}
