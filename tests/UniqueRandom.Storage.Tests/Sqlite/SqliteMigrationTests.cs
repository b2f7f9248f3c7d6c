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

/// <summary>Databases of version 1, from before there were keys.</summary>
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

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Draws_go_on_behind_the_cursor_and_take_keys()
    {
        var before = await BuildAsync();
        await using (var store = await OpenAsync(Default))
        {
            var found = await store.FindAsync("default", Cancellation);
            Assert.Equal((Default, PoolState.Open, 8_205, null), (found!.Definition, found.State, found.Cursor, found.ClosedAt));
            Assert.Equal(
                [new DrawLogRow(0, 8200, time.GetUtcNow()), new DrawLogRow(8200, 5, time.GetUtcNow(), "order-1")],
                await store.ReadLogAsync("default", 0, 10, Cancellation));

            var first = await DrawAsync(store, new DrawRequest("default", 3, Key: "k", Caller: "ann"));
            Assert.Equal((8_205, false), (first.Position, first.IsReplayed));
            Assert.True((await DrawAsync(store, new DrawRequest("default", 3, Key: "k", Caller: "ann"))).IsReplayed);
            before.AddRange(first.Numbers.ToArray());
        }

        Assert.Equal(2L, Sql.Scalar(directory.Database, "PRAGMA user_version"));
        Assert.Equal("ok", Sql.Scalar(directory.Database, "PRAGMA integrity_check"));
        await using (var store = await OpenAsync(Default))
        {
            Assert.True((await DrawAsync(store, new DrawRequest("default", 3, Key: "k", Caller: "ann"))).IsReplayed);
            before.AddRange((await DrawAsync(store, new DrawRequest("default", 10_000))).Numbers.ToArray());
            before.AddRange((await DrawAsync(store, new DrawRequest("default", 20_000 - before.Count))).Numbers.ToArray());
            Assert.Equal(Seeds.Counting, (await store.CloseAsync("default", Cancellation))!.Seed);
        }

        using var permutation = Permutation.Shuffle(Seeds.Counting, 20_000, Cancellation);
        Assert.Equal(permutation.Offsets.ToArray().Select(offset => Default.Range.NumberAt(offset)), before);
    }

    [Fact]
    public async Task A_creation_that_was_cut_off_under_version_1_is_finished()
    {
        await BuildAsync();
        Sql.Execute(
            directory.Database, "UPDATE pool SET state = 0, cursor = 0; DELETE FROM draw; DELETE FROM chunk WHERE number > 0");
        await using var store = await OpenAsync(Default);
        Assert.Equal(
            (PoolState.Seeding, 8192),
            ((await store.FindAsync("default", Cancellation))!.State, (await store.FindAsync("default", Cancellation))!.Seeded));
        Assert.Equal(
            Commitment.To(Seeds.Counting, Default.Range),
            (await store.CreateAndSeedAsync(Default, Seeds.Zero, null, Cancellation))!.Commitment);
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
    [InlineData("PRAGMA user_version = 3")]
    [InlineData("PRAGMA user_version = 0")]
    public async Task What_can_not_be_served_from_is_left_as_it_was_byte_by_byte(string damage)
    {
        await BuildAsync();
        Sql.Execute(directory.Database, damage);
        await AssertRefusedUnchangedAsync(Default);
    }

    [Fact]
    public async Task A_database_of_another_range_than_is_configured_is_left_as_it_was_byte_by_byte()
    {
        await BuildAsync();
        await AssertRefusedUnchangedAsync(Default with { Range = new PoolRange(1, 20_001) });
    }

    [Fact]
    public async Task An_upgrade_that_fails_leaves_version_1()
    {
        await BuildAsync();
        Sql.Execute(directory.Database, "CREATE TABLE draw_key (taken INTEGER)");
        await using var store = new SqlitePoolStore(directory.Database, time);
        await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(Default, Cancellation).AsTask());
        Assert.Equal(1L, Sql.Scalar(directory.Database, "PRAGMA user_version"));
        Assert.Equal(
            0L, Sql.Scalar(directory.Database, "SELECT COUNT(*) FROM pragma_table_info('pool') WHERE name = 'closed_at'"));
        Sql.Execute(directory.Database, "DROP TABLE draw_key");
        await store.OpenAsync(Default, Cancellation);
        Assert.Equal(8_205, (await DrawAsync(store, new DrawRequest("default"))).Position);
    }

    private async Task AssertRefusedUnchangedAsync(PoolDefinition expected)
    {
        var before = directory.Contents();
        await using (var store = new SqlitePoolStore(directory.Database, time))
            await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(expected, Cancellation).AsTask());
        Assert.Equal(before, directory.Contents());
    }

    /// <summary>A database as version 1 had left it: 8,200 and 5 numbers drawn, and closed.</summary>
    private async Task<List<long>> BuildAsync()
    {
        var drawn = new List<long>();
        var newest = directory.File("newest.db");
        await using (var store = new SqlitePoolStore(newest, time))
        {
            await store.OpenAsync(null, Cancellation);
            await store.CreateAndSeedAsync(Default, Seeds.Counting, null, Cancellation);
            drawn.AddRange((await DrawAsync(store, new DrawRequest("default", 8200))).Numbers.ToArray());
            drawn.AddRange((await DrawAsync(store, new DrawRequest("default", 5, "order-1"))).Numbers.ToArray());
        }

        Sql.Execute(directory.Database, VersionOne);
        Sql.Execute(
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
        await store.OpenAsync(expected, Cancellation);
        return store;
    }

    private static async Task<DrawOutcome> DrawAsync(SqlitePoolStore store, DrawRequest request)
    {
        var outcomes = new DrawOutcome[1];
        await store.CommitAsync(new[] { request }, outcomes);
        return outcomes[0];
    }
}
