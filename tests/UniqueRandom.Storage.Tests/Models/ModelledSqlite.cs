using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;

namespace UniqueRandom.Storage.Tests.Models;

internal sealed class ModelledSqlite : ModelledStore
{
    private const string DatabaseFiles = "numbers.db*";

    private readonly TemporaryDirectory copy = new();

    /// <param name="template">A database that was prepared by <see cref="PrepareAsync"/>.</param>
    public ModelledSqlite(TemporaryDirectory template) => CopyFiles(template, Directory);

    /// <summary>Creates an empty database on a disk that has no room for some changes.</summary>
    public static async Task PrepareAsync(TemporaryDirectory template)
    {
        await using (var store = new SqlitePoolStore(template.Database, TimeProvider.System))
            await store.OpenAsync(null, CancellationToken.None);
        SqliteDatabase.FillDisk(template.Database, $"INSERT ON draw WHEN NEW.reference = '{Operation.Full}'");
        SqliteDatabase.FillDisk(template.Database, $"INSERT ON pool WHEN NEW.name = '{Operation.Full}'");
        SqliteDatabase.FillDisk(
            template.Database, $"UPDATE ON pool WHEN NEW.state = 2 AND NEW.name = '{Operation.Unclosable}'");
    }

    public override Task KeepCopyAsync()
    {
        foreach (var old in System.IO.Directory.EnumerateFiles(copy.Path))
            File.Delete(old);
        CopyFiles(Directory, copy, DatabaseFiles);
        File.Delete(copy.Mark);
        return Task.CompletedTask;
    }

    public override Task PutCopyBackAsync()
    {
        File.Delete(Directory.Database);
        File.Delete(Directory.Database + "-wal");
        CopyFiles(copy, Directory);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        copy.Dispose();
    }

    protected override IPoolStore Create(ResumeAfterRestore? resume) =>
        new SqlitePoolStore(Directory.Database, Time, new MarkOptions { Resume = resume });
}
