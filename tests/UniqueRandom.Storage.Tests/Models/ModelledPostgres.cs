using UniqueRandom.Storage.Marks;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Models;

internal sealed class ModelledPostgres(TestDatabase database) : ModelledStore
{
    private static readonly string[] Tables = ["pool", "segment", "chunk", "draw", "delivery", "loss"];

    /// <summary>Creates the schema on a disk that has no room for some changes.</summary>
    public static async Task PrepareAsync(TestDatabase database)
    {
        await using (var store = new PostgresPoolStore(
            new PostgresOptions { ConnectionString = database.ConnectionString }, TimeProvider.System))
        {
            await store.OpenAsync(null, CancellationToken.None);
        }

        await database.ExecuteAsync($"""
            CREATE SCHEMA copy;
            {string.Concat(Tables.Select(table => $"CREATE TABLE copy.{table} AS TABLE uniquerandom.{table}; "))}
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON uniquerandom.draw FOR EACH ROW
                WHEN (NEW.reference = '{Operation.Full}') EXECUTE FUNCTION full_disk();
            CREATE TRIGGER full_disk BEFORE INSERT ON uniquerandom.pool FOR EACH ROW
                WHEN (NEW.name = '{Operation.Full}') EXECUTE FUNCTION full_disk();
            CREATE TRIGGER no_close BEFORE UPDATE ON uniquerandom.pool FOR EACH ROW
                WHEN (NEW.state = 2 AND NEW.name = '{Operation.Unclosable}') EXECUTE FUNCTION full_disk();
            """);
    }

    /// <summary>Removes what an earlier sequence has left.</summary>
    public Task EmptyAsync() =>
        database.ExecuteAsync(string.Concat(Tables.Select(table => $"DELETE FROM uniquerandom.{table}; ")));

    public override Task KeepCopyAsync() => database.ExecuteAsync(string.Concat(Tables.Select(table =>
        $"DELETE FROM copy.{table}; INSERT INTO copy.{table} TABLE uniquerandom.{table}; ")));

    public override Task PutCopyBackAsync() => database.ExecuteAsync(string.Concat(Tables.Select(table =>
        $"DELETE FROM uniquerandom.{table}; INSERT INTO uniquerandom.{table} OVERRIDING SYSTEM VALUE TABLE copy.{table}; ")));

    protected override IPoolStore Create(ResumeAfterRestore? resume) => new PostgresPoolStore(
        new PostgresOptions
        {
            ConnectionString = database.ConnectionString,
            Mark = new MarkOptions { Path = Directory.Mark, Resume = resume },
        },
        Time);
}
