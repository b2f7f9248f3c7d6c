using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Backups;

/// <summary>Copies that an open store writes.</summary>
public sealed class BackupTests : BackupTestBase
{
    [Fact]
    public async Task A_backup_is_whole_and_consistent_while_draws_go_on()
    {
        await using var store = await OpenAsync();
        await DrawAsync(store, 100);
        using var stop = new CancellationTokenSource();
        var drawing = Task.Run(async () =>
        {
            var count = 100;
            for (; !stop.IsCancellationRequested; count += 3)
                await DrawAsync(store, 3, key: $"key-{count}");
            return count;
        });
        var backups = new List<StoredBackup>();
        for (var round = 0; round < 5; round++)
            backups.Add(await store.BackUpAsync(Backups, CancellationToken));
        await stop.CancelAsync();
        var drawn = await drawing;

        Assert.Equal(backups.Select(backup => backup.File), Directory.GetFiles(Backups).Order());
        long before = 100;
        foreach (var backup in backups)
        {
            var stored = Check(backup.File);
            Assert.InRange(stored.Drawn, before, drawn);
            Assert.Equal(Assert.Single(backup.Pools).Cursor, stored.Drawn);
            Assert.Equal(
                (stored.Drawn - 100) / 3, SqliteDatabase.Scalar(backup.File, "SELECT COUNT(*) FROM draw WHERE key > ''"));
            Assert.EndsWith($"-drawn-{stored.Drawn}.db", backup.File);
            Assert.Equal(new FileInfo(backup.File).Length, backup.Bytes);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup.File));
            before = stored.Drawn;
        }

        Assert.True(before > 100, "Nothing was drawn during the backups.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_start_from_a_backup_asks_how_many_were_drawn(int drawn)
    {
        if (drawn > 0)
            await DrawAsync(drawn);
        var backup = await BackUpAsync();
        await DrawAsync(30);
        File.Delete(Mark);
        File.Copy(backup.File, Database, overwrite: true);

        Assert.Contains("The database is a backup, so nobody knows", await RefusedAsync());
        await DrawAsync(5, ResumeAfterRestore.Parse($"p={drawn + 30}"));
        await DrawAsync(5);
        Assert.Equal(drawn + 40, Check(Database).Drawn);
    }

    [Fact]
    public async Task A_start_from_a_backup_beside_its_mark_resumes_behind_the_mark()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        await DrawAsync(30);
        File.Copy(backup.File, Database, overwrite: true);

        Assert.Contains("the pool 'p' is 30 numbers behind", await RefusedAsync());
        await DrawAsync(5, ResumeAfterRestore.Parse(""));
        Assert.Equal(45, Check(Database).Drawn);
    }

    [Fact]
    public async Task A_backup_of_the_last_draw_gives_up_nothing()
    {
        await DrawAsync(10);
        var backup = await BackUpAsync();
        File.Copy(backup.File, Database, overwrite: true);

        await DrawAsync(5);
        Assert.Equal(15, Check(Database).Drawn);
    }

    [Fact]
    public async Task A_backup_that_is_canceled_leaves_nothing_and_draws_go_on()
    {
        await using var store = await OpenAsync();
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.BackUpAsync(Backups, canceled.Token).AsTask());
        Assert.Empty(Directory.GetFileSystemEntries(Backups));
        await DrawAsync(store, 10);
        Assert.Equal(10, Assert.Single((await store.BackUpAsync(Backups, CancellationToken)).Pools).Cursor);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_replaced()
    {
        await File.WriteAllTextAsync(Path.Combine(Backups, "backup.partial"), "a part of a backup", CancellationToken);
        var backup = await BackUpAsync();
        Assert.Equal([backup.File], Directory.GetFileSystemEntries(Backups));
    }

    [Fact]
    public async Task A_directory_that_is_missing_is_refused_and_draws_go_on()
    {
        await using var store = await OpenAsync();
        Directory.Delete(Backups);
        var error = await Assert.ThrowsAsync<BackupException>(() => store.BackUpAsync(Backups, CancellationToken).AsTask());
        Assert.Contains($"'{Backups}' does not exist", error.Message);
        await DrawAsync(store, 10);
    }

    [Fact]
    public async Task A_disk_without_room_is_refused_before_anything_is_written()
    {
        await using var small = await SmallFileSystem.MountAsync(mebibytes: 1);
        var target = Path.GetDirectoryName(small.Database)!;
        await using var store = await OpenAsync();
        await DrawAsync(store, 1);

        // The test's own file leaves less than the 0.8 MB of the database.
        await File.WriteAllBytesAsync(Path.Combine(target, "other"), new byte[600_000], CancellationToken);
        var error = await Assert.ThrowsAsync<InsufficientDiskException>(
            () => store.BackUpAsync(target, CancellationToken).AsTask());
        Assert.Contains("make room", error.Message);
        Assert.Equal(["other"], Directory.GetFileSystemEntries(target).Select(Path.GetFileName));
        await DrawAsync(store, 10);
    }

    [Fact]
    public async Task Damage_is_not_backed_up()
    {
        await using var damaged = await OpenAsync();
        SqliteDamage.InOpenStore(damaged, "UPDATE chunk SET offsets = zeroblob(length(offsets)) WHERE number = 20");

        var error = await Assert.ThrowsAsync<BackupException>(() => damaged.BackUpAsync(Backups, CancellationToken).AsTask());
        Assert.Contains("Chunk 20 of the pool 'p' is damaged", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Backups));
    }
}
