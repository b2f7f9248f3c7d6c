using Microsoft.Extensions.Time.Testing;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Sqlite;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Permutations;

namespace UniqueRandom.Storage.Tests.Sqlite;

/// <summary>Upgrades of databases of version 1, which has no keys.</summary>
public sealed class SqliteMigrationTests : IDisposable
{
    private const string VersionOne = """
        PRAGMA journal_mode = WAL;
        BEGIN;
        CREATE TABLE session (
            is_open INTEGER NOT NULL
        ) STRICT;
        INSERT INTO session VALUES (0);
        CREATE TABLE pool (
            id         INTEGER PRIMARY KEY,
            name       TEXT    NOT NULL UNIQUE,
            minimum    INTEGER NOT NULL,
            maximum    INTEGER NOT NULL,
            state      INTEGER NOT NULL,
            cursor     INTEGER NOT NULL,
            seed       BLOB    NOT NULL,
            commitment BLOB    NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE chunk (
            pool_id  INTEGER NOT NULL REFERENCES pool (id),
            number   INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            offsets  BLOB    NOT NULL,
            PRIMARY KEY (pool_id, number)
        ) STRICT;
        CREATE TABLE draw (
            pool_id   INTEGER NOT NULL REFERENCES pool (id),
            first     INTEGER NOT NULL,
            count     INTEGER NOT NULL,
            drawn_at  INTEGER NOT NULL,
            reference TEXT,
            PRIMARY KEY (pool_id, first)
        ) STRICT, WITHOUT ROWID;
        PRAGMA application_id = 1431465572;
        PRAGMA user_version = 1;
        COMMIT;
        """;

    private static readonly PoolDefinition Default = new("default", new PoolRange(1, 20_000));

    private readonly TemporaryDirectory directory = new();
    private readonly FakeTimeProvider time = new();

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Draws_continue_at_the_cursor_and_accept_keys()
    {
        var drawn = await BuildAsync();
        await using (var store = await OpenAsync(Default))
        {
            var found = await store.FindAsync("default", CancellationToken);
            Assert.Equal((Default, PoolState.Open, 8_205, null), (found!.Definition, found.State, found.Cursor, found.ClosedAt));
            Assert.Equal(
                [new DrawLogRow(0, 8200, time.GetUtcNow()), new DrawLogRow(8200, 5, time.GetUtcNow(), "order-1")],
                await store.ReadLogAsync("default", 0, 10, CancellationToken));

            var first = await DrawAsync(store, new DrawRequest("default", 3, Key: "k", Caller: "ann"));
            Assert.Equal((8_205, false), (first.Position, first.IsReplayed));
            Assert.True((await DrawAsync(store, new DrawRequest("default", 3, Key: "k", Caller: "ann"))).IsReplayed);
            drawn.AddRange(first.Numbers.ToArray());
        }

        Assert.Equal((long)SqliteSchema.Version, SqliteDatabase.Scalar(directory.Database, "PRAGMA user_version"));
        Assert.Equal("ok", SqliteDatabase.Scalar(directory.Database, "PRAGMA integrity_check"));
        await using (var store = await OpenAsync(Default))
        {
            Assert.True((await DrawAsync(store, new DrawRequest("default", 3, Key: "k", Caller: "ann"))).IsReplayed);
            drawn.AddRange((await DrawAsync(store, new DrawRequest("default", 10_000))).Numbers.ToArray());
            drawn.AddRange((await DrawAsync(store, new DrawRequest("default", 20_000 - drawn.Count))).Numbers.ToArray());
            Assert.Equal(Seeds.Counting, (await store.CloseAsync("default", CancellationToken))!.Seed);
        }

        using var permutation = Permutation.Shuffle(Seeds.Counting, 20_000, CancellationToken);
        Assert.Equal(permutation.Offsets.ToArray().Select(offset => Default.Range.NumberAt(offset)), drawn);
    }

    [Fact]
    public async Task A_creation_interrupted_in_version_1_is_completed()
    {
        await BuildAsync();
        SqliteDatabase.Execute(
            directory.Database, "UPDATE pool SET state = 0, cursor = 0; DELETE FROM draw; DELETE FROM chunk WHERE number > 0");
        await using var store = await OpenAsync(Default);
        var found = (await store.FindAsync("default", CancellationToken))!;
        Assert.Equal((PoolState.Seeding, 8192), (found.State, found.Seeded));
        Assert.Equal(
            Commitment.To(Seeds.Counting, Default.Range),
            (await store.CreateAndSeedAsync(Default, Seeds.Zero, null, CancellationToken))!.Commitment);
        await DrawAsync(store, new DrawRequest("default", 10_000));
        Assert.Equal(20_000, (await DrawAsync(store, new DrawRequest("default", 10_000))).Position + 10_000);
    }

    [Theory]
    [InlineData("UPDATE chunk SET offsets = zeroblob(length(offsets)) WHERE number = 2")]
    [InlineData("DELETE FROM chunk WHERE number = 0")]
    [InlineData("UPDATE pool SET cursor = cursor + 1")]
    [InlineData("UPDATE pool SET maximum = maximum + 1")]
    [InlineData("UPDATE session SET is_open = 1")]
    [InlineData("DELETE FROM draw WHERE first = 0")]
    [InlineData("PRAGMA user_version = 0")]
    public async Task A_refused_database_is_unchanged_byte_for_byte(string damage)
    {
        await BuildAsync();
        SqliteDatabase.Execute(directory.Database, damage);
        await AssertRefusedUnchangedAsync(Default);
    }

    [Fact]
    public async Task A_database_with_an_unexpected_range_is_unchanged_byte_for_byte()
    {
        await BuildAsync();
        await AssertRefusedUnchangedAsync(Default with { Range = new PoolRange(1, 20_001) });
    }

    [Fact]
    public async Task An_upgrade_that_fails_leaves_version_1()
    {
        await BuildAsync();
        SqliteDatabase.Execute(directory.Database, "CREATE TABLE draw_key (taken INTEGER)");
        await using var store = new SqlitePoolStore(directory.Database, time);
        await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(Default, CancellationToken).AsTask());
        Assert.Equal(1L, SqliteDatabase.Scalar(directory.Database, "PRAGMA user_version"));
        Assert.Equal(
            0L, SqliteDatabase.Scalar(
                directory.Database, "SELECT COUNT(*) FROM pragma_table_info('pool') WHERE name = 'closed_at'"));
        SqliteDatabase.Execute(directory.Database, "DROP TABLE draw_key");
        await store.OpenAsync(Default, CancellationToken);
        Assert.Equal(8_205, (await DrawAsync(store, new DrawRequest("default"))).Position);
    }

    private async Task AssertRefusedUnchangedAsync(PoolDefinition expected)
    {
        var before = directory.Contents();
        await using (var store = new SqlitePoolStore(directory.Database, time))
            await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(expected, CancellationToken).AsTask());
        Assert.Equal(before, directory.Contents());
    }

    /// <summary>Builds a closed database of version 1 with draws of 8,200 and 5 numbers.</summary>
    private async Task<List<long>> BuildAsync()
    {
        var drawn = new List<long>();
        var newest = directory.File("newest.db");
        await using (var store = new SqlitePoolStore(newest, time))
        {
            await store.OpenAsync(null, CancellationToken);
            await store.CreateAndSeedAsync(Default, Seeds.Counting, null, CancellationToken);
            drawn.AddRange((await DrawAsync(store, new DrawRequest("default", 8200))).Numbers.ToArray());
            drawn.AddRange((await DrawAsync(store, new DrawRequest("default", 5, "order-1"))).Numbers.ToArray());
        }

        SqliteDatabase.Execute(directory.Database, VersionOne);
        SqliteDatabase.Execute(
            directory.Database,
            $"""
            ATTACH '{newest}' AS newest;
            INSERT INTO pool SELECT id, name, minimum, maximum, state, cursor, seed, commitment, created_at FROM newest.pool;
            INSERT INTO chunk SELECT * FROM newest.chunk;
            INSERT INTO draw SELECT pool_id, first, count, drawn_at, reference FROM newest.draw;
            """);
        File.Delete(newest);
        return drawn;
    }

    private async Task<SqlitePoolStore> OpenAsync(PoolDefinition expected)
    {
        var store = new SqlitePoolStore(directory.Database, time);
        await store.OpenAsync(expected, CancellationToken);
        return store;
    }

    private static async Task<DrawOutcome> DrawAsync(SqlitePoolStore store, DrawRequest request) =>
        (await store.CommitBatchAsync(request))[0];
}
