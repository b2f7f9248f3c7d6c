using System.Text;
using UniqueRandom.Server.Tests.Fixtures;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Upgrades;

namespace UniqueRandom.Server.Tests.Upgrades;

/// <summary>Writes the fixtures of the present schemas, on demand. A fixture that exists stays as it is.</summary>
public sealed class FixtureCreationTests
{
    [Fact(Explicit = true)]
    public async Task The_fixture_of_SQLite_is_written()
    {
        using var directory = new TemporaryDirectory();
        var answers = await AnswerRecorder.RecordAsync(directory);

        var (database, mark) = (await ReadAsync(directory.Database), await ReadAsync(directory.Mark));
        UpgradeFixture.Of(UpgradeFixture.Sqlite, StoredDraws.Integer(directory.Database, "PRAGMA user_version"))
            .Create(database, answers, mark);

        static Task<byte[]> ReadAsync(string path) => File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
    }

    [Fact(Explicit = true)]
    public async Task The_fixture_of_PostgreSQL_is_written()
    {
        using var directory = new TemporaryDirectory();
        await using var postgres = await PostgresInstance.CreateAsync();
        var answers = await AnswerRecorder.RecordAsync(directory, postgres.Switches);

        UpgradeFixture.Of(UpgradeFixture.Postgres, await postgres.ScalarAsync<int>("SELECT number FROM uniquerandom.version"))
            .Create(await DumpAsync(postgres), answers);
    }

    private static async Task<byte[]> DumpAsync(PostgresInstance postgres)
    {
        var dump = await PostgresPrograms.RunAsync(
            "pg_dump", "-h", "127.0.0.1", "-p", $"{postgres.Port}", "-U", "postgres", "--inserts", "--no-owner", "-n",
            "uniquerandom", "postgres");
        // Lines that begin with a backslash are commands of psql.
        return Encoding.UTF8.GetBytes(string.Join('\n', dump.Split('\n').Where(line => !line.StartsWith('\\'))));
    }
}
