namespace UniqueRandom.Testing.Upgrades;

/// <summary>Statements that make a schema older, as if the database had been written by an earlier version.</summary>
internal static class OlderSchema
{
    /// <summary>Makes a SQLite database that of version 3, which had no mark.</summary>
    public const string SqliteThree = """
        ALTER TABLE session DROP COLUMN identity;
        ALTER TABLE session DROP COLUMN has_mark;
        ALTER TABLE session DROP COLUMN transfer;
        ALTER TABLE session DROP COLUMN moved_to;
        ALTER TABLE session DROP COLUMN moved_at;
        ALTER TABLE pool DROP COLUMN is_computed;
        ALTER TABLE pool DROP COLUMN code;
        DROP TABLE segment;
        ALTER TABLE delivery DROP COLUMN size;
        ALTER TABLE pool DROP COLUMN imported;
        ALTER TABLE pool DROP COLUMN imported_sha256;
        PRAGMA user_version = 3;
        """;
}
