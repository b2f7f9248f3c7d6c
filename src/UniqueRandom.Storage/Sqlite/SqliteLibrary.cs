using UniqueRandom.Stores;

namespace UniqueRandom.Storage.Sqlite;

/// <summary>Checks the native SQLite library: it comes with this program, but a host can load another one instead.</summary>
internal static class SqliteLibrary
{
    private static readonly Version Fixed = new(3, 51, 3);

    /// <summary>The first patch releases of older branches with the fix.</summary>
    private static readonly Version[] Backports = [new(3, 50, 7), new(3, 44, 6)];

    /// <param name="version">The version of the library, such as <c>3.53.4</c>.</param>
    /// <exception cref="StoreRefusedException">This version can corrupt a database.</exception>
    public static void Verify(string version)
    {
        if (HasWalResetBug(Version.Parse(version)))
        {
            throw new StoreRefusedException(
                $"SQLite {version} is loaded, which can corrupt a database (the WAL-reset bug); "
                + $"use the SQLite library that comes with this program, or version {Fixed} or later.");
        }
    }

    /// <summary>Whether a checkpoint of this version can skip committed pages and so corrupt the database.</summary>
    /// <remarks>https://sqlite.org/wal.html#walresetbug</remarks>
    private static bool HasWalResetBug(Version version) => version < Fixed
        && !Backports.Any(backport => version.Minor == backport.Minor && version.Build >= backport.Build);
}
