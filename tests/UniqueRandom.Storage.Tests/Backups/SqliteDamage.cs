using Microsoft.Data.Sqlite;
using UniqueRandom.Storage.Sqlite;

namespace UniqueRandom.Storage.Tests.Backups;

/// <summary>Changes an open database as a faulty disk would: through its own connection, which nobody else can use.</summary>
internal static class SqliteDamage
{
    public static void InOpenStore(SqlitePoolStore store, string sql) => store.Use(open =>
    {
        using var command = new SqliteCommand(sql, open.File.Connection);
        command.ExecuteNonQuery();
    });
}
