using Npgsql;
using UniqueRandom.Pools;

namespace UniqueRandom.Storage.Postgres;

/// <summary>The schema <c>uniquerandom</c>, version 1.</summary>
internal static class PostgresSchema
{
    public const int Version = 1;

    /// <summary>"URnd": the first half of the advisory locks of this program. The second is 0 for the schema, or the id of a pool that is being seeded.</summary>
    public const int LockClass = 0x55526E64;

    /// <summary>The index that lets a caller use a key once.</summary>
    public const string KeyIndex = "draw_key";

    // Times are UTC. The states are those of PoolState. A chunk's offsets are as in Core's Chunk; random bytes can't be compressed, so it is not tried.
    // Every batch rewrites a pool's row and often the last one of its log: the room on their pages lets that happen in place. Nothing refers to a pool by
    // a foreign key, since a pool that was drawn from is never removed, and each row of a batch would lock it once more.
    private const string Tables = """
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
        """;

    /// <summary>Creates the schema where there is none. Several nodes may do so at once: one creates it, the others wait.</summary>
    /// <exception cref="StoreRefusedException">There is one of another version, or not of this program.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, string server, CancellationToken cancellation)
    {
        if (await ReadVersionAsync(connection, server, cancellation) is null)
            await CreateAsync(connection, server, cancellation);
    }

    private static async Task CreateAsync(NpgsqlConnection connection, string server, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync($"SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({LockClass}, 0)", cancellation);
        if (await ReadVersionAsync(connection, server, cancellation) is null)
        {
            await connection.ExecuteAsync(Tables, cancellation);
            await connection.ExecuteAsync($"INSERT INTO uniquerandom.version VALUES ({Version})", cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The version that is stored; null when there is no schema.</summary>
    private static async Task<int?> ReadVersionAsync(NpgsqlConnection connection, string server, CancellationToken cancellation)
    {
        if (!await connection.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'uniquerandom')", cancellation))
            return null;
        if (!await connection.ScalarAsync<bool>("SELECT to_regclass('uniquerandom.version') IS NOT NULL", cancellation))
            throw new StoreRefusedException($"The schema 'uniquerandom' of {server} belongs to another program; name another database.");
        var version = await connection.ScalarAsync<int>("SELECT max(number) FROM uniquerandom.version", cancellation);
        return version == Version
            ? version
            : throw new StoreRefusedException($"The schema of {server} has version {version}, and this program reads version {Version}; use the program that wrote it.");
    }
}
