using Npgsql;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Postgres;

/// <summary>
/// The schema <c>uniquerandom</c>, version 8. Older ones are upgraded: version 1 had 32-bit positions, version 2 no deliveries,
/// version 3 no identity, no losses and no transfers, version 4 no computed orders, version 5 no codes,
/// version 6 no extensions, and version 7 no imports.
/// </summary>
internal static class PostgresSchema
{
    public const int Version = 8;

    /// <summary>The first version in which nodes record losses.</summary>
    public const int LossVersion = 4;

    /// <summary>The second key of the advisory lock of the session that delivers.</summary>
    public const int DeliveryLock = -1;

    private const int FirstVersion = 1;

    /// <summary>The version of <see cref="Tables"/>.</summary>
    private const int TablesVersion = 2;

    /// <summary>
    /// "URnd": the first key of this program's advisory locks. The second is 0 for the schema, <see cref="DeliveryLock"/>, or the
    /// id of a pool that is being seeded.
    /// </summary>
    public const int LockClass = 0x55526E64;

    /// <summary>The index that makes a key unique for its caller.</summary>
    public const string KeyIndex = "draw_key";

    public const string CreateKeyIndex =
        $"CREATE UNIQUE INDEX {KeyIndex} ON uniquerandom.draw (key, caller) WHERE key IS NOT NULL;";

    /// <summary>Locks a row that no draw uses, for one transaction at a time.</summary>
    public const string LockVersion = "SELECT number FROM uniquerandom.version FOR UPDATE";

    // Times are UTC. The states are those of PoolState. A chunk's offsets are as in Core's Chunk; random bytes can't be
    // compressed, so compression is off. Every batch updates a pool's row and often the last row of its log: the fill factors let
    // that happen in place. There are no foreign keys, because each row of a batch would lock its pool once more, and a pool that
    // was drawn from is never removed.
    private const string Tables = $"""
        CREATE SCHEMA uniquerandom;
        CREATE TABLE uniquerandom.version (number integer NOT NULL);
        CREATE TABLE uniquerandom.pool (
            id         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name       text        COLLATE "C" NOT NULL UNIQUE,
            minimum    bigint      NOT NULL,
            maximum    bigint      NOT NULL,
            state      smallint    NOT NULL,
            cursor     bigint      NOT NULL CHECK (cursor >= 0 AND cursor - 1 <= maximum - minimum),
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
            first     bigint      NOT NULL,
            count     bigint      NOT NULL CHECK (count > 0),
            drawn_at  timestamptz NOT NULL,
            reference text,
            key       text        COLLATE "C",
            caller    text        COLLATE "C" NOT NULL,
            PRIMARY KEY (pool_id, first)
        ) WITH (fillfactor = 90);
        {CreateKeyIndex}
        """;

    private const string Deliveries = """
        CREATE TABLE uniquerandom.delivery (
            webhook          text     COLLATE "C" NOT NULL,
            pool_id          integer  NOT NULL,
            level            smallint NOT NULL,
            attempted_level  smallint,
            first_attempt_at timestamptz,
            last_attempt_at  timestamptz,
            PRIMARY KEY (webhook, pool_id)
        );
        """;

    // The identity of a database that has pools comes from the first one, so that a copy from before the upgrade has the same.
    private const string Losses = $"""
        ALTER TABLE uniquerandom.version ADD identity uuid;
        UPDATE uniquerandom.version SET identity = coalesce(({IdentityOfFirstPool}), gen_random_uuid());
        ALTER TABLE uniquerandom.version ALTER identity SET NOT NULL;
        CREATE TABLE uniquerandom.loss (
            name        text    COLLATE "C" NOT NULL,
            commitment  bytea   NOT NULL,
            cursor      bigint  NOT NULL,
            ceiling     bigint  NOT NULL,
            is_accepted boolean NOT NULL,
            PRIMARY KEY (name, commitment)
        );
        """;

    // See TransferState: all are null while the database is no end of a transfer.
    private const string Transfers = """
        ALTER TABLE uniquerandom.version ADD transfer uuid, ADD moved_to text, ADD moved_at timestamptz;
        """;

    private const string Orders = "ALTER TABLE uniquerandom.pool ADD is_computed boolean NOT NULL DEFAULT false;";

    private const string Codes = "ALTER TABLE uniquerandom.pool ADD code text;";

    // The further segments of pools. The range of a pool includes those that are ready. A delivery has the size of the pool for
    // which its level was delivered.
    private const string Segments = """
        CREATE TABLE uniquerandom.segment (
            pool_id     integer     NOT NULL,
            minimum     bigint      NOT NULL,
            maximum     bigint      NOT NULL,
            is_computed boolean     NOT NULL,
            seed        bytea       NOT NULL,
            commitment  bytea       NOT NULL,
            created_at  timestamptz NOT NULL,
            is_ready    boolean     NOT NULL,
            key         text        COLLATE "C",
            caller      text        COLLATE "C" NOT NULL,
            PRIMARY KEY (pool_id, minimum)
        );
        CREATE UNIQUE INDEX segment_key ON uniquerandom.segment (key, caller) WHERE key IS NOT NULL;
        ALTER TABLE uniquerandom.delivery ADD size bigint NOT NULL DEFAULT 0;
        UPDATE uniquerandom.delivery d SET size = p.maximum - p.minimum + 1 FROM uniquerandom.pool p WHERE p.id = d.pool_id;
        """;

    // See ImportedList: both are null without one.
    private const string Imports = "ALTER TABLE uniquerandom.pool ADD imported bigint, ADD imported_sha256 text;";

    // In JSON, columns that an older version lacks are null, and a prepared statement has the same columns after an upgrade.
    private const string Identify = """
        SELECT number, (to_jsonb(v) ->> 'identity')::uuid, (to_jsonb(v) ->> 'transfer')::uuid, to_jsonb(v) ->> 'moved_to',
               (to_jsonb(v) ->> 'moved_at')::timestamptz
        FROM uniquerandom.version v
        """;

    private const string IdentityOfFirstPool =
        "SELECT encode(substring(commitment FROM 1 FOR 16), 'hex')::uuid FROM uniquerandom.pool ORDER BY id LIMIT 1";

    private const string WidenPositions = """
        ALTER TABLE uniquerandom.pool ALTER cursor TYPE bigint;
        ALTER TABLE uniquerandom.draw ALTER first TYPE bigint, ALTER count TYPE bigint;
        """;

    /// <summary>The statements of each version since the second one, in order.</summary>
    private static readonly string[] Steps =
        [WidenPositions, Deliveries, $"{Losses} {Transfers}", Orders, Codes, Segments, Imports];

    /// <summary>
    /// Creates the schema, or upgrades an older one. Several nodes may call it at once: one does the work, the others wait.
    /// </summary>
    /// <param name="connection">The connection, which waits without a timeout.</param>
    /// <param name="server">The name of the server.</param>
    /// <param name="verify">
    /// Verifies the data before an upgrade, which can't be undone. No other node upgrades meanwhile, so no table is locked.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait and the work.</param>
    /// <returns>Whether the schema is newer than before.</returns>
    /// <exception cref="StoreRefusedException">The schema has an unknown version, or belongs to another program.</exception>
    public static async Task<bool> EnsureAsync(
        NpgsqlConnection connection, string server, Func<Task> verify, CancellationToken cancellationToken)
    {
        if (await ReadVersionAsync(connection, server, cancellationToken) == Version)
            return false;

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The transaction is idle while the data is verified.
        await ExecuteLongAsync(
            connection,
            $"SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; "
            + $"SELECT pg_advisory_xact_lock({LockClass}, 0)",
            cancellationToken);
        // Read again: another node may have done the work before this one got the lock.
        var version = await ReadVersionAsync(connection, server, cancellationToken);
        if (version < Version)
            await verify();
        if (version != Version)
            await ExecuteLongAsync(connection, ChangesSince(version), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Reads the version of the schema, and whose database it is. Does not wait for an upgrade.</summary>
    /// <returns>
    /// No version if there is no schema; no identity if it is older than identities; no transfer if it is no end of one.
    /// </returns>
    /// <exception cref="NpgsqlException">They could not be read.</exception>
    public static async Task<(int? Version, Guid? Identity, TransferState? Transfer)> IdentifyAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = connection.Command(Identify);
            command.CommandTimeout = PostgresAddress.ConnectSeconds;
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken))
                return (null, null, null);
            var version = row.GetInt32(0);
            return (version, row.IsDBNull(1) ? null : row.GetGuid(1), TransferOf(row));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return (null, null, null);
        }
    }

    /// <summary>Reads the identity that an upgrade will give the database; null if it has no pool.</summary>
    /// <exception cref="NpgsqlException">It could not be read.</exception>
    public static async Task<Guid?> PredictIdentityAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(IdentityOfFirstPool);
        command.CommandTimeout = PostgresAddress.ConnectSeconds;
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static TransferState? TransferOf(NpgsqlDataReader row)
    {
        if (row.IsDBNull(2))
            return null;
        return row.IsDBNull(3)
            ? new TransferState(row.GetGuid(2))
            : new TransferState(row.GetGuid(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4));
    }

    /// <summary>Gets the statements that lead from a version to the present one; from null if there is no schema.</summary>
    private static string ChangesSince(int? version)
    {
        var steps = string.Join(' ', Steps[((version ?? TablesVersion) - FirstVersion)..(Version - FirstVersion)]);
        return version is null
            ? $"{Tables} INSERT INTO uniquerandom.version VALUES ({Version}); {steps}"
            : $"{steps} UPDATE uniquerandom.version SET number = {Version}";
    }

    /// <summary>Executes without a timeout: another node or this one may take minutes to rewrite a long draw log.</summary>
    private static async Task ExecuteLongAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the stored version; null if there is no schema.</summary>
    private static async Task<int?> ReadVersionAsync(
        NpgsqlConnection connection, string server, CancellationToken cancellationToken)
    {
        const string hasSchema = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'uniquerandom')";
        if (!await connection.ScalarAsync<bool>(hasSchema, cancellationToken))
            return null;
        if (!await connection.ScalarAsync<bool>("SELECT to_regclass('uniquerandom.version') IS NOT NULL", cancellationToken))
        {
            throw new StoreRefusedException(
                $"The schema 'uniquerandom' of {server} belongs to another program; name another database.");
        }

        var version = await connection.ScalarAsync<int>("SELECT max(number) FROM uniquerandom.version", cancellationToken);
        return version is >= FirstVersion and <= Version
            ? version
            : throw new StoreRefusedException(
                $"The database '{connection.Database}' of {server} has version {version}, and this program reads versions up to "
                + $"{Version}; use the program that wrote it.");
    }
}
