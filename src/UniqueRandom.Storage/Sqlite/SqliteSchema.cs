using Microsoft.Data.Sqlite;
using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>
/// The schema, version 9. Older ones are upgraded: version 1 had no keys, version 2 no deliveries, version 3 no mark, version 4
/// no transfers, version 5 no computed orders, version 6 no codes, version 7 no extensions, and version 8 no imports.
/// </summary>
internal static class SqliteSchema
{
    public const int Version = 9;

    /// <summary>
    /// Makes a key unique for its caller. A draw without a caller stores an empty one, because the index treats NULLs as
    /// different.
    /// </summary>
    public const string KeyIndex = "CREATE UNIQUE INDEX draw_key ON draw (key, caller) WHERE key IS NOT NULL";

    private const int FirstVersion = 1;
    private const int VersionWithKeys = 2;
    private const int VersionWithMark = 4;
    private const int VersionWithTransfer = 5;
    private const int VersionWithOrders = 6;
    private const int VersionWithCodes = 7;
    private const int VersionWithSegments = 8;
    private const int VersionWithImports = 9;

    /// <summary>"URnd": identifies the databases of this program.</summary>
    private const int ApplicationId = 0x55526E64;

    // Times are milliseconds since 1970-01-01 UTC. The states are those of PoolState. A chunk's offsets are as in Core's Chunk.
    private const string Tables = """
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
        """;

    // Executed one by one: Microsoft.Data.Sqlite does not report errors after a statement with columns, such as ALTER TABLE.
    private static readonly string[] Keys =
    [
        "ALTER TABLE pool ADD COLUMN closed_at INTEGER",
        "ALTER TABLE draw ADD COLUMN key TEXT",
        "ALTER TABLE draw ADD COLUMN caller TEXT NOT NULL DEFAULT ''",
        KeyIndex,
    ];

    private static readonly string[] Deliveries =
    [
        """
        CREATE TABLE delivery (
            webhook          TEXT    NOT NULL,
            pool_id          INTEGER NOT NULL REFERENCES pool (id),
            level            INTEGER NOT NULL,
            attempted_level  INTEGER,
            first_attempt_at INTEGER,
            last_attempt_at  INTEGER,
            PRIMARY KEY (webhook, pool_id)
        ) STRICT, WITHOUT ROWID
        """,
    ];

    // Copies of a database of version 3 get the same identity, so that the mark of one recognizes the others.
    private static readonly string[] Mark =
    [
        "ALTER TABLE session ADD COLUMN identity BLOB",
        "ALTER TABLE session ADD COLUMN has_mark INTEGER NOT NULL DEFAULT 0",
        """
        UPDATE session
        SET identity = COALESCE((SELECT substr(commitment, 1, 16) FROM pool ORDER BY id LIMIT 1), randomblob(16))
        """,
    ];

    // See TransferState: all are null while the database is no end of a transfer.
    private static readonly string[] Transfers =
    [
        "ALTER TABLE session ADD COLUMN transfer BLOB",
        "ALTER TABLE session ADD COLUMN moved_to TEXT",
        "ALTER TABLE session ADD COLUMN moved_at INTEGER",
    ];

    private static readonly string[] Orders = ["ALTER TABLE pool ADD COLUMN is_computed INTEGER NOT NULL DEFAULT 0"];

    private static readonly string[] Codes = ["ALTER TABLE pool ADD COLUMN code TEXT"];

    // The further segments of pools. The range of a pool includes those that are ready.
    private static readonly string[] Segments =
    [
        """
        CREATE TABLE segment (
            pool_id     INTEGER NOT NULL REFERENCES pool (id),
            minimum     INTEGER NOT NULL,
            maximum     INTEGER NOT NULL,
            is_computed INTEGER NOT NULL,
            seed        BLOB    NOT NULL,
            commitment  BLOB    NOT NULL,
            created_at  INTEGER NOT NULL,
            is_ready    INTEGER NOT NULL,
            key         TEXT,
            caller      TEXT    NOT NULL,
            PRIMARY KEY (pool_id, minimum)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX segment_key ON segment (key, caller) WHERE key IS NOT NULL",
        // The size of the pool for which the level was delivered.
        "ALTER TABLE delivery ADD COLUMN size INTEGER NOT NULL DEFAULT 0",
        "UPDATE delivery SET size = (SELECT maximum - minimum + 1 FROM pool WHERE id = pool_id)",
    ];

    // See ImportedList: both are null without one.
    private static readonly string[] Imports =
    [
        "ALTER TABLE pool ADD COLUMN imported INTEGER",
        "ALTER TABLE pool ADD COLUMN imported_sha256 TEXT",
    ];

    /// <summary>The statements of each version since the second one, in order. The tables have the first version.</summary>
    private static readonly string[][] Steps = [Keys, Deliveries, Mark, Transfers, Orders, Codes, Segments, Imports];

    public static void Create(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute(Tables);
        connection.Execute($"PRAGMA application_id = {ApplicationId}");
        UpgradeFrom(FirstVersion, connection);
        transaction.Commit();
    }

    /// <exception cref="StoreRefusedException">The database belongs to another program, or has an unknown version.</exception>
    public static void Verify(SqliteConnection connection, string path)
    {
        if (connection.Scalar("PRAGMA application_id") != ApplicationId)
            throw new StoreRefusedException($"The database '{path}' belongs to another program; name another database.");
        var version = connection.Scalar("PRAGMA user_version");
        if (version is < FirstVersion or > Version)
        {
            throw new StoreRefusedException(
                $"The database '{path}' has version {version}, and this program reads versions up to {Version}; "
                + "use the program that wrote it.");
        }

        if (connection.Scalar("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'session'") == 0)
        {
            throw new StoreRefusedException(
                $"The database '{path}' does not record whether it was closed, because it is from before the first release; "
                + "use the program that wrote it.");
        }
    }

    public static bool HasKeys(SqliteConnection connection) => connection.Scalar("PRAGMA user_version") >= VersionWithKeys;

    public static bool HasMark(SqliteConnection connection) => connection.Scalar("PRAGMA user_version") >= VersionWithMark;

    public static bool HasOrders(SqliteConnection connection) =>
        connection.Scalar("PRAGMA user_version") >= VersionWithOrders;

    public static bool HasCodes(SqliteConnection connection) => connection.Scalar("PRAGMA user_version") >= VersionWithCodes;

    public static bool HasSegments(SqliteConnection connection) =>
        connection.Scalar("PRAGMA user_version") >= VersionWithSegments;

    public static bool HasImports(SqliteConnection connection) =>
        connection.Scalar("PRAGMA user_version") >= VersionWithImports;

    /// <summary>Reads the transfer that the database is an end of; null if it is none.</summary>
    public static TransferState? ReadTransfer(SqliteConnection connection)
    {
        if (connection.Scalar("PRAGMA user_version") < VersionWithTransfer)
            return null;
        using var command = connection.Command("SELECT transfer, moved_to, moved_at FROM session WHERE transfer IS NOT NULL");
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;
        var id = new Guid((byte[])row[0]);
        return row.IsDBNull(1)
            ? new TransferState(id)
            : new TransferState(id, row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)));
    }

    /// <summary>Upgrades an older version, in one transaction.</summary>
    public static void Upgrade(SqliteConnection connection)
    {
        var version = connection.Scalar("PRAGMA user_version");
        if (version == Version)
            return;
        using var transaction = connection.BeginTransaction();
        UpgradeFrom(version, connection);
        transaction.Commit();
    }

    private static void UpgradeFrom(long version, SqliteConnection connection)
    {
        foreach (var statement in Steps[((int)version - FirstVersion)..(Version - FirstVersion)].SelectMany(step => step))
            connection.Execute(statement);
        connection.Execute($"PRAGMA user_version = {Version}");
    }
}
