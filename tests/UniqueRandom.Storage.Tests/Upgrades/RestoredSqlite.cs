using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Sqlite;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Storage.Tests.Upgrades;

internal sealed class RestoredSqlite : RestoredDatabase
{
    private readonly TemporaryDirectory directory = new();

    public override int PresentVersion => SqliteSchema.Version;

    public override string Description => $"The database '{Path}'";

    private string Path => directory.Database;

    public override IPoolStore CreateStore() => new SqlitePoolStore(Path, TimeProvider.System);

    public override Task<long> ReadVersionAsync() => Task.FromResult((long)SqliteDatabase.Scalar(Path, "PRAGMA user_version")!);

    public override Task WriteVersionAsync(int version)
    {
        SqliteDatabase.Execute(Path, $"PRAGMA user_version = {version}");
        return Task.CompletedTask;
    }

    public override Task<string> ReadSchemaAsync() => Task.FromResult((string)SqliteDatabase.Scalar(
        Path, "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)")!);

    public override Task<string> ReadContentAsync() => Task.FromResult(string.Join('\n', directory.Contents()));

    public override ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task RestoreAsync(UpgradeFixture fixture)
    {
        await WriteAsync(fixture.OpenDatabase(), Path);
        if (fixture.OpenMark() is { } mark)
            await WriteAsync(mark, directory.Mark);
    }

    private static async Task WriteAsync(Stream stored, string path)
    {
        await using var file = File.Create(path);
        await using (stored)
            await stored.CopyToAsync(file, CancellationToken);
    }
}
