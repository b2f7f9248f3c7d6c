using System.Globalization;
using Npgsql;
using UniqueRandom.Draws;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Storage.Postgres;
using UniqueRandom.Storage.Tests.Contract;
using UniqueRandom.Stores;
using UniqueRandom.Testing.Permutations;
using UniqueRandom.Testing.Postgres;

namespace UniqueRandom.Storage.Tests.Postgres;

/// <summary>Upgrades of schema version 1, which has 32-bit positions.</summary>
public sealed class PostgresMigrationTests(PostgresServer server) : PostgresStoreTestBase(server)
{
    private const string VersionOne = """
        CREATE SCHEMA uniquerandom;
        CREATE TABLE uniquerandom.version (number integer NOT NULL);
        CREATE TABLE uniquerandom.pool (
            id         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name       text        COLLATE "C" NOT NULL UNIQUE,
            minimum    bigint      NOT NULL,
            maximum    bigint      NOT NULL,
            state      smallint    NOT NULL,
            cursor     integer     NOT NULL CHECK (cursor >= 0 AND cursor - 1 <= maximum - minimum),
            seed       bytea       NOT NULL,
            commitment bytea       NOT NULL,
            created_at timestamptz NOT NULL,
            closed_at  timestamptz
        ) WITH (fillfactor = 20);
        CREATE TABLE uniquerandom.chunk (
            pool_id  integer NOT NULL,
            number   integer NOT NULL,
            checksum bigint  NOT NULL,
            offsets  bytea   NOT NULL,
            PRIMARY KEY (pool_id, number)
        );
        ALTER TABLE uniquerandom.chunk ALTER offsets SET STORAGE EXTERNAL;
        CREATE TABLE uniquerandom.draw (
            pool_id   integer     NOT NULL,
            first     integer     NOT NULL,
            count     integer     NOT NULL CHECK (count > 0),
            drawn_at  timestamptz NOT NULL,
            reference text,
            key       text        COLLATE "C",
            caller    text        COLLATE "C" NOT NULL,
            PRIMARY KEY (pool_id, first)
        ) WITH (fillfactor = 90);
        CREATE UNIQUE INDEX draw_key ON uniquerandom.draw (key, caller) WHERE key IS NOT NULL;
        INSERT INTO uniquerandom.version VALUES (1);
        """;

    private static readonly PoolDefinition Large = new("large", new PoolRange(1, 20_000));
    private static readonly PoolDefinition Ended = new("ended", new PoolRange(-5, 4));
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 12, 0, 0, 250, TimeSpan.Zero);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync(VersionOne);
        await AddPoolAsync(1, Large, Seeds.Counting, PoolState.Open, cursor: 8_208);
        await AddPoolAsync(2, Ended, Seeds.Zero, PoolState.Closed, cursor: 10);
        await Database.ExecuteAsync("""
            INSERT INTO uniquerandom.draw VALUES
                (1, 0, 8200, '2026-01-01 12:00:00.250Z', NULL, NULL, ''),
                (1, 8200, 5, '2026-01-01 12:00:00.250Z', 'order-1', NULL, 'ann'),
                (1, 8205, 3, '2026-01-01 12:00:00.250Z', 'order-2', 'k', 'ann'),
                (2, 0, 10, '2026-01-01 12:00:00.250Z', NULL, 'k', '');
            UPDATE uniquerandom.pool SET closed_at = '2026-01-01 12:00:00.250Z' WHERE id = 2;
            """);
    }

    [Fact]
    public async Task An_upgrade_keeps_pools_draws_and_keys()
    {
        await using var store = await OpenAsync(Large);

        Assert.Equal(
            PostgresSchema.Version, await Database.ScalarAsync<int>("SELECT number FROM uniquerandom.version"));
        Assert.Equal(
            [Stored(Ended, PoolState.Closed, 10, Seeds.Zero), Stored(Large, PoolState.Open, 8_208, null)],
            (await store.ListAllAsync(CancellationToken).ToListAsync(CancellationToken))
                .Select(pool => (pool.Definition, pool.State, pool.Cursor, pool.Seed, pool.Commitment)));
        Assert.Equal(Time, (await store.FindAsync("ended", CancellationToken))!.ClosedAt);
        Assert.Equal(
            [new(0, 8200, Time), new(8200, 5, Time, "order-1", null, "ann"), new(8205, 3, Time, "order-2", "k", "ann")],
            await store.ReadLogAsync("large", 0, 10, CancellationToken));

        var replays = await store.CommitBatchAsync(new("large", 3, "order-2", "k", "ann"), new("ended", 10, Key: "k"));
        Assert.All(replays, replay => Assert.True(replay.IsReplayed));
        Assert.Equal(NumbersOf(Large, Seeds.Counting)[8205..8208], replays[0].Numbers.ToArray());
        Assert.Equal(NumbersOf(Ended, Seeds.Zero), replays[1].Numbers.ToArray());

        var drawn = await store.CommitBatchAsync(new("large", 10_000), new("large", 1_792), new("large"));
        Assert.Equal(
            [DrawOutcomeKind.Drawn, DrawOutcomeKind.Drawn, DrawOutcomeKind.Exhausted], drawn.Select(outcome => outcome.Kind));
        Assert.Equal(NumbersOf(Large, Seeds.Counting)[8208..], drawn[..2].SelectMany(outcome => outcome.Numbers.ToArray()));
    }

    [Fact]
    public async Task Nodes_that_start_at_the_same_time_upgrade_the_schema_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(Large)));
        foreach (var store in stores)
        {
            Assert.Equal(DrawOutcomeKind.Drawn, (await store.CommitBatchAsync(new DrawRequest("large")))[0].Kind);
            await store.DisposeAsync();
        }

        Assert.Equal(1, await Database.ScalarAsync<long>("SELECT count(*) FROM uniquerandom.version"));
        Assert.Equal(8_212, await Database.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool WHERE id = 1"));
    }

    [Fact]
    public async Task Nodes_wait_for_an_upgrade_that_takes_longer_than_any_timeout()
    {
        // What a node holds while it upgrades.
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var upgrading = await source.OpenConnectionAsync(CancellationToken);
        await using var transaction = await upgrading.BeginTransactionAsync(CancellationToken);
        await using (var locks = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock({PostgresSchema.LockClass}, 0);
            LOCK TABLE uniquerandom.pool, uniquerandom.draw IN ACCESS EXCLUSIVE MODE
            """,
            upgrading,
            transaction))
        {
            await locks.ExecuteNonQueryAsync(CancellationToken);
        }

        using var stopping = new CancellationTokenSource();
        var opening = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => OpenAsync(Large, "Command Timeout=1", CancellationToken)));
        var stopped = OpenAsync(Large, "Command Timeout=1", stopping.Token);
        // Longer than the timeouts of commands and locks.
        await Assert.ThrowsAsync<TimeoutException>(
            () => Task.WhenAny(opening, stopped).WaitAsync(TimeSpan.FromSeconds(4), CancellationToken));
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.WaitAsync(CancellationToken));
        await transaction.RollbackAsync(CancellationToken);

        foreach (var store in await opening)
            Assert.Equal(DrawOutcomeKind.Drawn, (await store.CommitBatchAsync(new DrawRequest("large")))[0].Kind);
        Assert.Equal(
            PostgresSchema.Version, await Database.ScalarAsync<int>("SELECT number FROM uniquerandom.version"));
    }

    [Fact]
    public async Task After_the_upgrade_positions_have_64_bits()
    {
        await using var store = await OpenAsync(Large);

        // A pool this large can't be created, because the limit of the shuffle is lower than that of the schema.
        await Database.ExecuteAsync("""
            UPDATE uniquerandom.pool SET maximum = 5000000000, cursor = 4999999999 WHERE id = 1;
            INSERT INTO uniquerandom.draw VALUES
                (1, 8208, 4294967296 - 8208, '2026-01-01 12:00:00.250Z', NULL, NULL, ''),
                (1, 4294967296, 4999999999 - 4294967296, '2026-01-01 12:00:00.250Z', 'late', NULL, '');
            """);

        Assert.Equal(4_999_999_999, await Database.ScalarAsync<long>("SELECT cursor FROM uniquerandom.pool WHERE id = 1"));
        Assert.Equal(
            [new DrawLogRow(8208, 4_294_959_088, Time), new DrawLogRow(4_294_967_296, 705_032_703, Time, "late")],
            await store.ReadLogAsync("large", 3_000_000_000, 10, CancellationToken));
        Assert.Equal(4_294_967_296, (await store.ReadLogAsync("large", 4_294_967_296, 1, CancellationToken)).Single().First);
        Assert.Empty(await store.ReadLogAsync("large", 4_999_999_999, 1, CancellationToken));
    }

    private static (PoolDefinition, PoolState, long, Seed?, Commitment) Stored(
        PoolDefinition definition, PoolState state, long cursor, Seed? revealed) =>
        (definition, state, cursor, revealed, Commitment.To(revealed ?? Seeds.Counting, definition.Range));

    private static long[] NumbersOf(PoolDefinition definition, Seed seed)
    {
        using var permutation = Permutation.Shuffle(seed, definition.Range.Size, CancellationToken);
        return [.. permutation.Offsets.ToArray().Select(offset => definition.Range.NumberAt(offset))];
    }

    private async Task AddPoolAsync(int id, PoolDefinition definition, Seed seed, PoolState state, int cursor)
    {
        var (range, commitment) = (definition.Range, Commitment.To(seed, definition.Range));
        await Database.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            INSERT INTO uniquerandom.pool (name, minimum, maximum, state, cursor, seed, commitment, created_at) VALUES
                ('{definition.Name}', {range.Minimum}, {range.Maximum}, {(int)state}, {cursor},
                 '\x{Convert.ToHexString(seed.Bytes)}', '\x{Convert.ToHexString(commitment.Bytes)}', '2026-01-01 12:00:00.250Z')
            """));
        using var permutation = Permutation.Shuffle(seed, range.Size, CancellationToken);
        for (var number = 0; number < Chunk.CountOf(range.Size); number++)
        {
            var offsets = permutation.Offsets.Slice(number * Chunk.Length, Chunk.LengthOf(number, range.Size));
            var bytes = new byte[offsets.Length * sizeof(uint)];
            Chunk.Encode(offsets, bytes);
            var checksum = Chunk.Checksum(commitment.Bytes, number, bytes);
            await Database.ExecuteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT INTO uniquerandom.chunk VALUES ({id}, {number}, {checksum}, '\\x{Convert.ToHexString(bytes)}')"));
        }
    }
}
